# The right letter has P >= 0.95 after h (column e), he and hel (l) and hell (o).
add_test(NAME char_lm:hello COMMAND char_lm hello)
set(sure "(1.00|0.9[5-9])")
set(any "0.[0-9][0-9]")
set_tests_properties(char_lm:hello PROPERTIES PASS_REGULAR_EXPRESSION
    "h +${sure} [^\n]*\nhe +${any} +${any} +${sure} [^\n]*\nhel +${any} +${any} +${sure} [^\n]*\nhell +${any} +${any} +${any} +${sure} ")
add_test(NAME char_lm:train COMMAND char_lm train --corpus ${CMAKE_CURRENT_SOURCE_DIR}/char_lm --seconds 1 --hidden 16)
set_tests_properties(char_lm:train PROPERTIES PASS_REGULAR_EXPRESSION "validation: [0-9.]+ nats per character")

# Bad input: one sentence and exit code 1.
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/empty.txt "")
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/short.txt "too short for fifty streams")
function(char_lm_refuses name message)
    add_test(NAME char_lm:${name} COMMAND ${CMAKE_COMMAND} "-Dcommand=$<TARGET_FILE:char_lm>;${ARGN}" "-Dmessage=${message}"
        -P ${PROJECT_SOURCE_DIR}/tests/support/refuses.cmake)
endfunction()
char_lm_refuses(missing_corpus "there is no /nowhere/at/all" --corpus /nowhere/at/all)
char_lm_refuses(empty_corpus "empty.txt holds no text" --corpus ${CMAKE_CURRENT_BINARY_DIR}/empty.txt)
char_lm_refuses(short_corpus "27 characters" --corpus ${CMAKE_CURRENT_BINARY_DIR}/short.txt)
char_lm_refuses(unknown_cell "mgu not in {rnn,lstm,gru}" train --cell mgu)
char_lm_refuses(zero_hidden "--hidden" --hidden 0)
char_lm_refuses(negative_batch "--batch" --batch -5)
char_lm_refuses(negative_rate "--rate" --rate -1)
char_lm_refuses(no_number "--steps" --steps many)
char_lm_refuses(both_limits "--epochs" --epochs 1 --seconds 5)
char_lm_refuses(huge_model "not enough memory" --hidden 10000000000)
