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
example_script(char_lm:storages storages.sh $<TARGET_FILE:char_lm> ".*characters: \\([0-9.]*\\) nats.*" --load ${saved}
    --corpus ${CMAKE_CURRENT_SOURCE_DIR}/char_lm/train.hpp)
set_tests_properties(char_lm:storages PROPERTIES FIXTURES_REQUIRED char_lm_model)
example_refuses(char_lm unknown_storage "--storage: " evaluate --load ${saved} --corpus ${CMAKE_CURRENT_SOURCE_DIR} --storage int4)

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
example_refuses(char_lm unknown_unit "letter not in {byte,character,word}" train --unit letter)

# No number that is another one inside, and no path of nothing.
function(example_refuses_values program)
    foreach(option IN ITEMS rate clip)
        foreach(value IN ITEMS 1e-50 1e50 nan)
            example_refuses(${program} ${option}_${value} "--${option}: ${value} is not a number from 1.2e-38 to 3.4e+38" train --${option} ${value})
        endforeach()
    endforeach()
    example_refuses(${program} large_seed "--seed: 18446744073709551616 is not a whole number from 0 to 18446744073709551615" train
        --seed 18446744073709551616)
    example_refuses(${program} large_units "--units: 9223372036854775808 is not a whole number from 1" train --units 9223372036854775808)
    example_script(${program}:empty_paths empty_paths.sh $<TARGET_FILE:${program}> save checkpoint log report resume ${ARGN})
endfunction()
example_refuses_values(char_lm corpus)

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
set_tests_properties(char_lm:sigterm PROPERTIES PASS_REGULAR_EXPRESSION "stopped. validating")

example_script(char_lm:unread unread.sh $<TARGET_FILE:char_lm> --corpus ${CMAKE_CURRENT_SOURCE_DIR}/char_lm/train.hpp --units 16)
example_script(char_lm:written written.sh $<TARGET_FILE:char_lm>)
example_script(char_lm:units units.sh $<TARGET_FILE:char_lm> ${PROJECT_SOURCE_DIR}/tests/fixtures/char_lm_bytes.safetensors)
# A terminal gets a line that fits, and no escape sequences that it does not know.
example_script(char_lm:terminal terminal.sh $<TARGET_FILE:char_lm> --corpus ${CMAKE_CURRENT_SOURCE_DIR}/char_lm/train.hpp --units 16)
set_tests_properties(char_lm:terminal PROPERTIES SKIP_RETURN_CODE 77 COST 8)

# A training goes on after it was stopped, and refuses what does not fit; its log is JSON lines.
set(run ${CMAKE_CURRENT_BINARY_DIR}/char_lm_test.run)
add_test(NAME char_lm:checkpoint COMMAND char_lm train --corpus ${CMAKE_CURRENT_SOURCE_DIR}/char_lm/train.hpp --epochs 9 --units 8
    --checkpoint ${run} --log ${run}.jsonl)
set_tests_properties(char_lm:checkpoint PROPERTIES FIXTURES_SETUP char_lm_run)
add_test(NAME char_lm:json_lines COMMAND ${CMAKE_COMMAND} -Dlog=${run}.jsonl -P ${PROJECT_SOURCE_DIR}/tests/support/json_lines.cmake)
set_tests_properties(char_lm:json_lines PROPERTIES FIXTURES_REQUIRED char_lm_run)
example_script(char_lm:resumed resumed.sh $<TARGET_FILE:char_lm> --corpus ${PROJECT_SOURCE_DIR}/include/bptt --units 16 --layers 1
    --batch 4 --steps 10)
example_script(char_lm:resumed_words resumed.sh $<TARGET_FILE:char_lm> --corpus ${PROJECT_SOURCE_DIR}/include/bptt/inspect --unit word
    --units 32 --layers 1 --batch 2 --steps 10)
example_script(char_lm:unresumed unresumed.sh $<TARGET_FILE:char_lm> --corpus ${CMAKE_CURRENT_SOURCE_DIR}/char_lm/train.hpp
    ${CMAKE_CURRENT_BINARY_DIR}/translate_test.run --units 8 --layers 1)
set_tests_properties(char_lm:unresumed PROPERTIES FIXTURES_REQUIRED translate_run)
example_script(char_lm:unsaved unsaved.sh $<TARGET_FILE:char_lm> --corpus ${PROJECT_SOURCE_DIR}/include/bptt --units 16 --layers 1)
# A model whose metadata lies about its sizes is refused before one is made.
function(example_lying program saved key value message)
    set(copy ${CMAKE_CURRENT_BINARY_DIR}/${program}_${key}_${value})
    example_script(${program}:lying:${key}_${value} lying.sh ${saved} ${key} ${value} ${copy})
    set_tests_properties(${program}:lying:${key}_${value} PROPERTIES FIXTURES_REQUIRED ${program}_model
        FIXTURES_SETUP ${program}_${key}_${value})
    example_refuses(${program} ${key}_${value} "${message}" evaluate --load ${copy} --${ARGN})
    set_tests_properties(${program}:${key}_${value} PROPERTIES FIXTURES_REQUIRED ${program}_${key}_${value})
endfunction()
foreach(value IN ITEMS 20000 9000000000000000000)
    set(text corpus ${CMAKE_CURRENT_BINARY_DIR}/short.txt)
    example_lying(char_lm ${saved} units ${value} "in its metadata, units is ${value}, and the " ${text})
    example_lying(char_lm ${saved} layers ${value} "in its metadata, layers is ${value}, and the " ${text})
endforeach()
example_lying(char_lm ${saved} cell mgu "char_lm_cell_mgu: in its metadata, cell: unknown cell" ${text})
example_lying(char_lm ${saved} vocabulary byte "char_lm_vocabulary_byte: in its metadata, vocabulary: Vocabulary::deserialize: line 1" ${text})
example_lying(char_lm ${saved} units -5 "units is \"-5\", not a positive number" ${text})
# A folder with a file that is no text.
execute_process(COMMAND sh -c "mkdir -p mixed && cp short.txt mixed && printf 'a\\000b' >mixed/picture.png"
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
example_refuses(char_lm binary_corpus "mixed/picture.png is no text" --corpus ${CMAKE_CURRENT_BINARY_DIR}/mixed)
# A model for ONNX replaces neither an input nor what is something else.
if(TARGET bptt::onnx)
    add_test(NAME char_lm:export COMMAND char_lm export --load ${saved} --onnx ${CMAKE_CURRENT_BINARY_DIR}/char_lm_test.onnx)
    set_tests_properties(char_lm:export PROPERTIES PASS_REGULAR_EXPRESSION "exported to .*char_lm_test.onnx")
    example_refuses(char_lm export_to_input "char_lm_test.safetensors is an input" export --load ${saved} --onnx ${saved})
    example_refuses(char_lm export_to_other "empty.txt exists and is no model of ONNX" export --load ${saved}
        --onnx ${CMAKE_CURRENT_BINARY_DIR}/empty.txt)
    set_tests_properties(char_lm:export char_lm:export_to_input char_lm:export_to_other PROPERTIES FIXTURES_REQUIRED char_lm_model)
endif()
# What the units of a model follow: as a table, in colour, in marks, and as a page.
function(example_inspects name expected)
    add_test(NAME char_lm:inspect${name} COMMAND ${ARGN} $<TARGET_FILE:char_lm> inspect --load ${saved}
        --text ${CMAKE_CURRENT_SOURCE_DIR}/char_lm/train.hpp ${inspected})
    set_tests_properties(char_lm:inspect${name} PROPERTIES FIXTURES_REQUIRED char_lm_model PASS_REGULAR_EXPRESSION "${expected}")
endfunction()
set(inspected --length 4000)
example_inspects("" "unit +score +chosen +shuffled\n.*\ncolumn +[01].[hc] [0-9]+ +[+-]0.[0-9]+ +[+-]0.[0-9]+ +0.[0-9]+\n")
set(inspected --unit 1/7)
example_inspects("_color" "1.c of unit 7: red -1, white 0, blue 1\n\n.\\[38;5;16;48;5;[0-9]+m#")
set(inspected --unit 0/7 --field f)
example_inspects("_no_color" "0.f of unit 7: below each line .*\n\n#pragma once↵\n[ +#]+\n" ${CMAKE_COMMAND} -E env NO_COLOR=1)
set(page ${CMAKE_CURRENT_BINARY_DIR}/char_lm_inspect.html)
set(inspected --report ${page})
example_inspects("_page" "char_lm_inspect.html: [0-9.]+ MB")
set(inspect inspect --load ${saved} --text ${CMAKE_CURRENT_SOURCE_DIR}/char_lm/train.hpp)
example_refuses(char_lm inspect_no_unit "unit is 16, outside 0..15 of 1.c" ${inspect} --unit 1/16)
example_refuses(char_lm inspect_no_layer "there is no signal \"2.h\"" ${inspect} --unit 2/0)
example_refuses(char_lm inspect_no_slash "--unit 7: not a layer, a slash and a unit" ${inspect} --unit 7)
example_refuses(char_lm page_is_input "train.hpp is an input" ${inspect} --report ${CMAKE_CURRENT_SOURCE_DIR}/char_lm/train.hpp)
example_refuses(char_lm page_is_other "empty.txt exists and is no report" ${inspect} --report ${CMAKE_CURRENT_BINARY_DIR}/empty.txt)
foreach(name IN ITEMS inspect_no_unit inspect_no_layer inspect_no_slash page_is_input page_is_other)
    set_tests_properties(char_lm:${name} PROPERTIES FIXTURES_REQUIRED char_lm_model)
endforeach()
