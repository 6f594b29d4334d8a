# The right letter has P >= 0.95 after h (column e), he and hel (l) and hell (o).
add_test(NAME char_lm:hello COMMAND char_lm hello)
set(sure "(1.00|0.9[5-9])")
set(any "0.[0-9][0-9]")
set_tests_properties(char_lm:hello PROPERTIES PASS_REGULAR_EXPRESSION
    "h +${sure} [^\n]*\nhe +${any} +${any} +${sure} [^\n]*\nhel +${any} +${any} +${sure} [^\n]*\nhell +${any} +${any} +${any} +${sure} ")
set(saved ${CMAKE_CURRENT_BINARY_DIR}/char_lm_test.safetensors)
add_test(NAME char_lm:train COMMAND char_lm train --corpus ${CMAKE_CURRENT_SOURCE_DIR}/char_lm/train.hpp --seconds 1 --units 16 --save ${saved})
set_tests_properties(char_lm:train PROPERTIES FIXTURES_SETUP char_lm_model
    PASS_REGULAR_EXPRESSION "validation: [0-9.]+ nats per character")
add_test(NAME char_lm:sample COMMAND char_lm sample --load ${saved} --prime "#include" --temperature 0.5 --top-k 9 --top-p 0.9 --length 50)
set_tests_properties(char_lm:sample PROPERTIES FIXTURES_REQUIRED char_lm_model PASS_REGULAR_EXPRESSION "^#include")
add_test(NAME char_lm:evaluate COMMAND char_lm evaluate --load ${saved} --corpus ${CMAKE_CURRENT_SOURCE_DIR}/char_lm/train.hpp)
set_tests_properties(char_lm:evaluate PROPERTIES FIXTURES_REQUIRED char_lm_model
    PASS_REGULAR_EXPRESSION "characters: [0-9.]+ nats per character")

# Bad input: one sentence and exit code 1.
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/empty.txt "")
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/short.txt "too short for fifty streams")
example_refuses(char_lm missing_corpus "there is no /nowhere/at/all" --corpus /nowhere/at/all)
example_refuses(char_lm empty_corpus "empty.txt holds no text" --corpus ${CMAKE_CURRENT_BINARY_DIR}/empty.txt)
example_refuses(char_lm short_corpus "27 characters" --corpus ${CMAKE_CURRENT_BINARY_DIR}/short.txt)
example_refuses(char_lm unknown_cell "mgu not in {rnn,lstm,gru}" train --cell mgu)
example_refuses(char_lm zero_units "--units" --units 0)
example_refuses(char_lm negative_batch "--batch" --batch -5)
example_refuses(char_lm negative_rate "--rate" --rate -1)
example_refuses(char_lm no_number "--steps" --steps many)
example_refuses(char_lm both_limits "--epochs" --epochs 1 --seconds 5)
example_refuses(char_lm huge_model "not enough memory" --units 10000000000)
example_refuses(char_lm no_model "--load is required" sample)
example_refuses(char_lm broken_model "short.txt" sample --load ${CMAKE_CURRENT_BINARY_DIR}/short.txt)
example_refuses(char_lm unknown_prime "unknown symbol" sample --load ${saved} --prime "¿")
set_tests_properties(char_lm:unknown_prime PROPERTIES FIXTURES_REQUIRED char_lm_model)

# A target that is an input, or something else than a model, stays as it is.
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/corpus/text.txt "some text to learn from")
example_refuses(char_lm target_is_corpus "short.txt is an input" --corpus ${CMAKE_CURRENT_BINARY_DIR}/short.txt
    --save ${CMAKE_CURRENT_BINARY_DIR}/./short.txt)
example_refuses(char_lm target_in_corpus "which would be learned from" --corpus ${CMAKE_CURRENT_BINARY_DIR}/corpus
    --save ${CMAKE_CURRENT_BINARY_DIR}/corpus/m)
example_refuses(char_lm target_is_other "empty.txt exists and is no model" --corpus ${CMAKE_CURRENT_BINARY_DIR}/short.txt
    --save ${CMAKE_CURRENT_BINARY_DIR}/empty.txt)
# A model that has diverged does not replace a good one.
add_test(NAME char_lm:diverged COMMAND char_lm train --corpus ${CMAKE_CURRENT_SOURCE_DIR}/char_lm/train.hpp --epochs 0.5 --units 16
    --batch 5 --rate 50 --clip 1e9 --save ${saved})
set_tests_properties(char_lm:diverged PROPERTIES FIXTURES_REQUIRED char_lm_model PASS_REGULAR_EXPRESSION
    "not saved over .*char_lm_test.safetensors: the loss is")
# SIGTERM, once or twice, ends training as Ctrl-C does: the model is saved.
set(ended ${CMAKE_CURRENT_BINARY_DIR}/char_lm_ended.safetensors)
add_test(NAME char_lm:sigterm COMMAND sh -c "rm -f ${ended}; sh ${PROJECT_SOURCE_DIR}/tests/support/terminated.sh 'first loss' $<TARGET_FILE:char_lm> train --corpus ${CMAKE_CURRENT_SOURCE_DIR}/char_lm/train.hpp --seconds 600 --units 16 --save ${ended}; test -s ${ended}")
set_tests_properties(char_lm:sigterm PROPERTIES PASS_REGULAR_EXPRESSION "stopped; validating")
