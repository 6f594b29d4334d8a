# Trains for a moment, saves, and uses the model in new processes.
set(saved ${CMAKE_CURRENT_BINARY_DIR}/translate_test.safetensors)
set(picture ${CMAKE_CURRENT_BINARY_DIR}/translate_test.svg)
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/line.txt "3 March 1997\n")
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/pairs.tsv "one\tun\ntwo birds\tdeux oiseaux\nthree\ttrois\n")
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/no_pair.tsv "one\tun\ntwo\n")

add_test(NAME translate:train COMMAND translate train --epochs 0.1 --units 8 --save ${saved})
set_tests_properties(translate:train PROPERTIES FIXTURES_SETUP translate_model PASS_REGULAR_EXPRESSION "All 2000 held-out sources")
add_test(NAME translate:evaluate COMMAND translate evaluate --load ${saved} --beam 2)
set_tests_properties(translate:evaluate PROPERTIES FIXTURES_REQUIRED translate_model PASS_REGULAR_EXPRESSION
    "% of 2000 held-out dates exact")
add_test(NAME translate:translate COMMAND sh -c "$<TARGET_FILE:translate> translate --load ${saved} --heatmap ${picture} <line.txt && grep -c '<rect' ${picture}"
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
set_tests_properties(translate:translate PROPERTIES FIXTURES_REQUIRED translate_model)
add_test(NAME translate:pairs COMMAND translate train --pairs ${CMAKE_CURRENT_BINARY_DIR}/pairs.tsv --unit word --min-count 1
    --no-attention --epochs 300 --units 8)
set_tests_properties(translate:pairs PROPERTIES PASS_REGULAR_EXPRESSION "2 pairs to learn from, 1 held out")
add_test(NAME translate:in_no_time COMMAND translate train --seconds 0.02 --units 8) # a step ends after the time is over
set_tests_properties(translate:in_no_time PROPERTIES PASS_REGULAR_EXPRESSION "All 2000 held-out sources")

example_refuses(translate no_pair "no_pair.tsv:2: no tab" train --pairs ${CMAKE_CURRENT_BINARY_DIR}/no_pair.tsv)
example_refuses(translate no_model "/nowhere" evaluate --load /nowhere/at/all)
example_refuses(translate other_model "is not a model of translate" evaluate --load ${CMAKE_CURRENT_BINARY_DIR}/char_lm_test.safetensors)
set_tests_properties(translate:other_model PROPERTIES FIXTURES_REQUIRED char_lm_model)
example_refuses(translate no_folder "/nowhere/x" train --save /nowhere/x)
example_refuses(translate zero_beam "--beam" evaluate --load ${saved} --beam 0)
example_refuses(translate target_is_pairs "pairs.tsv is an input" train --pairs ${CMAKE_CURRENT_BINARY_DIR}/pairs.tsv
    --save ${CMAKE_CURRENT_BINARY_DIR}/pairs.tsv)
example_refuses(translate picture_over_model "is an input: it is not replaced by a picture" translate --load ${saved} --heatmap ${saved})
set_tests_properties(translate:picture_over_model PROPERTIES FIXTURES_REQUIRED translate_model)

example_refuses_values(translate pairs)
example_script(translate:unread unread.sh $<TARGET_FILE:translate> --units 8)

set(run ${CMAKE_CURRENT_BINARY_DIR}/translate_test.run)
add_test(NAME translate:checkpoint COMMAND translate train --epochs 0.4 --units 8 --checkpoint ${run} --log ${run}.jsonl)
set_tests_properties(translate:checkpoint PROPERTIES FIXTURES_SETUP translate_run)
add_test(NAME translate:json_lines COMMAND ${CMAKE_COMMAND} -Dlog=${run}.jsonl -P ${PROJECT_SOURCE_DIR}/tests/support/json_lines.cmake)
set_tests_properties(translate:json_lines PROPERTIES FIXTURES_REQUIRED translate_run)
example_script(translate:resumed resumed.sh $<TARGET_FILE:translate> --units 8 --features 8)
example_script(translate:unresumed unresumed.sh $<TARGET_FILE:translate> --pairs ${CMAKE_CURRENT_BINARY_DIR}/pairs.tsv
    ${CMAKE_CURRENT_BINARY_DIR}/char_lm_test.run --units 8)
set_tests_properties(translate:unresumed PROPERTIES FIXTURES_REQUIRED char_lm_run)
example_script(translate:terminal terminal.sh $<TARGET_FILE:translate> --units 8)
set_tests_properties(translate:terminal PROPERTIES SKIP_RETURN_CODE 77 COST 8)
foreach(value IN ITEMS 20000 9000000000000000000)
    foreach(key IN ITEMS units features)
        example_lying(translate ${saved} ${key} ${value} "in its metadata, ${key} is ${value}, and the " beam 1)
    endforeach()
endforeach()
example_script(translate:harmless harmless.sh $<TARGET_FILE:char_lm> $<TARGET_FILE:translate>)
example_script(translate:answers answers.sh $<TARGET_FILE:translate>)
example_lying(translate ${saved} attention maybe "translate_attention_maybe: in its metadata, attention: \"maybe\" is neither yes nor no" beam 1)
example_lying(translate ${saved} target byte "translate_target_byte: in its metadata, target: Vocabulary::deserialize: line 1" beam 1)
