# Trains for a moment, saves, and uses the model in new processes: the same figures.
set(saved ${CMAKE_CURRENT_BINARY_DIR}/classify_test.safetensors)
set(picture ${CMAKE_CURRENT_BINARY_DIR}/classify_test.svg)
add_test(NAME classify:train COMMAND sh -c "$<TARGET_FILE:classify> train --epochs 1 --units 8 --save ${saved} | tee classify.txt"
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
set_tests_properties(classify:train PROPERTIES FIXTURES_SETUP classify_model
    PASS_REGULAR_EXPRESSION "\nbad +[0-9]+ +[0-9]+ .*% of 2000 are right, .* nats\n[56][0-9.]+ %: regression, unigrams\n[56][0-9.]+ %: regression, unigrams and bigrams")
add_test(NAME classify:reloaded COMMAND sh -c "$<TARGET_FILE:classify> evaluate --load ${saved} --svg ${picture} >again.txt && grep 'of 2000 are right' classify.txt >before.txt && grep 'of 2000 are right' again.txt | cmp - before.txt && grep -c '<title>good ← bad' ${picture}"
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
set_tests_properties(classify:reloaded PROPERTIES FIXTURES_REQUIRED classify_model)
example_script(classify:texts classified.sh $<TARGET_FILE:classify>)

# Three images of four pixels each, in both parts.
set(folder ${CMAKE_CURRENT_BINARY_DIR}/classify_images)
execute_process(COMMAND sh -c "mkdir -p ${folder} && cd ${folder} && echo dark bright >names.txt && for part in train t10k; do printf '\\0\\0\\10\\3\\0\\0\\0\\3\\0\\0\\0\\2\\0\\0\\0\\2\\1\\2\\3\\4\\377\\376\\377\\376\\2\\1\\4\\3' >$part-images-idx3-ubyte; printf '\\0\\0\\10\\1\\0\\0\\0\\3\\0\\1\\0' >$part-labels-idx1-ubyte; done")
set(looks ${CMAKE_CURRENT_BINARY_DIR}/classify_images.safetensors)
add_test(NAME classify:images COMMAND classify train --images ${folder} --epochs 100 --units 8 --save ${looks})
set_tests_properties(classify:images PROPERTIES FIXTURES_SETUP classify_looks
    PASS_REGULAR_EXPRESSION "3 images to learn from, 3 held out. .*100.00 % of 3 are right.*100.00 %: regression, pixels")
add_test(NAME classify:images_reloaded COMMAND classify evaluate --images ${folder} --load ${looks})
set_tests_properties(classify:images_reloaded PROPERTIES PASS_REGULAR_EXPRESSION "dark +2 +0 .*bright +0 +1 .*100.00 % of 3 are right")
example_refuses(classify looks_at_texts "classify reads texts, and ${looks} has learned images" classify --load ${looks})
example_refuses(classify looks_nowhere "has learned images; give others with --images" evaluate --load ${looks})
set_tests_properties(classify:images_reloaded classify:looks_at_texts classify:looks_nowhere PROPERTIES FIXTURES_REQUIRED classify_looks)
example_refuses(classify no_images "there is no ${CMAKE_CURRENT_BINARY_DIR}/names.txt" train --images ${CMAKE_CURRENT_BINARY_DIR})
example_refuses(classify both_kinds "--texts excludes --images" train --images ${folder} --texts ${saved})

example_refuses(classify other_model "is not a model of classify" evaluate --load ${CMAKE_CURRENT_BINARY_DIR}/char_lm_test.safetensors)
set_tests_properties(classify:other_model PROPERTIES FIXTURES_REQUIRED char_lm_model)
example_refuses_values(classify texts images)
example_script(classify:unread unread.sh $<TARGET_FILE:classify> --units 8)
example_script(classify:terminal terminal.sh $<TARGET_FILE:classify> --units 8)
set_tests_properties(classify:terminal PROPERTIES SKIP_RETURN_CODE 77 COST 8)
example_script(classify:resumed resumed.sh $<TARGET_FILE:classify> --units 32 --layers 2)
execute_process(COMMAND sh -c "for k in $(seq 50); do printf 'a\\tone %s\\nb\\tno %s\\n' $k $k; done" OUTPUT_FILE ${CMAKE_CURRENT_BINARY_DIR}/classify_texts.tsv)
example_script(classify:unresumed unresumed.sh $<TARGET_FILE:classify> --texts ${CMAKE_CURRENT_BINARY_DIR}/classify_texts.tsv
    ${CMAKE_CURRENT_BINARY_DIR}/char_lm_test.run --units 8)
set_tests_properties(classify:unresumed PROPERTIES FIXTURES_REQUIRED char_lm_run)

foreach(value IN ITEMS 20000 9000000000000000000)
    foreach(key IN ITEMS units features layers)
        example_lying(classify ${saved} ${key} ${value} "in its metadata, ${key} is ${value}, and the " svg ${picture})
    endforeach()
endforeach()
example_lying(classify ${saved} data tables "classify_data_tables: in its metadata, data: \"tables\" is not reviews, texts or images" svg ${picture})
example_lying(classify ${saved} labels good "in its metadata, labels: it is no list of labels" svg ${picture})
example_lying(classify ${saved} vocabulary "word" "in its metadata, vocabulary: Vocabulary::deserialize: line 1" svg ${picture})
