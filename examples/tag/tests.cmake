# Trains for a moment, saves, and uses the model in new processes: the same figures.
set(saved ${CMAKE_CURRENT_BINARY_DIR}/tag_test.safetensors)
set(sources ${CMAKE_CURRENT_BINARY_DIR}/tag_sources)
file(MAKE_DIRECTORY ${sources})
foreach(k RANGE 10 21)
    string(REPEAT "#include <part_${k}.hpp>\n/* What ${k} gives,\n * and 'why' */\nint f${k}(int x) { return x + ${k}; }  // as \"it\" is\nconst char* s${k} = \"no // comment ${k}\";\n" 20 text)
    file(WRITE ${sources}/${k}.hpp "${text}")
endforeach()
add_test(NAME tag:train COMMAND tag train --source ${sources} --epochs 2 --units 16 --save ${saved})
set_tests_properties(tag:train PROPERTIES FIXTURES_SETUP tag_model
    PASS_REGULAR_EXPRESSION "Held out are 1 files.*\nLSTM, both ways +[5-9][0-9].[0-9]+ +[0-9.]+\neach character's most frequent .*\ntarget +code +comment")
add_test(NAME tag:reloaded COMMAND sh -c "$<TARGET_FILE:tag> train --source ${sources} --epochs 1 --one-way --layers 2 --units 8 --save tag_again.safetensors | grep -A 99 accuracy >tag_trained; $<TARGET_FILE:tag> evaluate --load tag_again.safetensors --source ${sources} >tag_evaluated; grep -A 99 accuracy tag_evaluated | cmp - tag_trained && grep '^LSTM, one way' tag_trained && head -n 2 tag_evaluated"
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
set_tests_properties(tag:reloaded PROPERTIES PASS_REGULAR_EXPRESSION "LSTM, one way .*\nLeft out are 1[0-9] files that it has learned from.\n1 files, ")
example_script(tag:colored colored.sh $<TARGET_FILE:tag> ${saved})
set_tests_properties(tag:colored PROPERTIES FIXTURES_REQUIRED tag_model)

# Bad input: one sentence and exit code 1.
execute_process(COMMAND sh -c "mkdir -p tag_other tag_same && echo text >tag_other/a.txt && echo 'int a;' >tag_same/a.hpp && (echo '// b' && cat tag_same/a.hpp) >tag_same/b.hpp"
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
example_refuses(tag no_source "there is no /nowhere/at/all" --source /nowhere/at/all)
example_refuses(tag no_cpp "tag_other has no file of C++ source" --source ${CMAKE_CURRENT_BINARY_DIR}/tag_other)
example_refuses(tag one_source "there is one file of source" --source ${CMAKE_CURRENT_BINARY_DIR}/tag_same) # but for a licence
example_refuses(tag target_in_source "which would be learned from" --source ${CMAKE_CURRENT_BINARY_DIR}/tag_same
    --save ${CMAKE_CURRENT_BINARY_DIR}/tag_same/m)
example_refuses(tag other_model "is not a model of tag" evaluate --load ${CMAKE_CURRENT_BINARY_DIR}/char_lm_test.safetensors)
set_tests_properties(tag:other_model PROPERTIES FIXTURES_REQUIRED char_lm_model)
example_refuses(tag all_learned "the model has learned from all of these files" evaluate --load ${saved} --source ${sources}/10.hpp)
example_refuses(tag page_is_input "10.hpp is an input" color --load ${saved} ${sources}/10.hpp --html ${sources}/10.hpp)
set_tests_properties(tag:all_learned tag:page_is_input PROPERTIES FIXTURES_REQUIRED tag_model)
example_refuses_values(tag source)
# A model whose metadata lies is refused before one is made.
foreach(value IN ITEMS 20000 9000000000000000000)
    foreach(key IN ITEMS features units layers)
        example_lying(tag ${saved} ${key} ${value} "in its metadata, ${key} is ${value}, and the " source ${sources})
    endforeach()
endforeach()
example_lying(tag ${saved} reads backwards "tag_reads_backwards: in its metadata, reads: \"backwards\" is neither both ways nor one way" source ${sources})
example_lying(tag ${saved} usual 0125 "tag_usual_0125: in its metadata, usual: it has no digit from 0 to 4 for each of 256 bytes" source ${sources})

example_script(tag:unread unread.sh $<TARGET_FILE:tag> --source ${sources} --units 8)
example_script(tag:resumed resumed.sh $<TARGET_FILE:tag> --source ${PROJECT_SOURCE_DIR}/include/bptt --units 8)
example_script(tag:unresumed unresumed.sh $<TARGET_FILE:tag> --source ${sources} ${CMAKE_CURRENT_BINARY_DIR}/char_lm_test.run --units 8)
set_tests_properties(tag:unresumed PROPERTIES FIXTURES_REQUIRED char_lm_run)
example_script(tag:terminal terminal.sh $<TARGET_FILE:tag> --source ${sources} --units 8)
set_tests_properties(tag:terminal PROPERTIES SKIP_RETURN_CODE 77 COST 8)
