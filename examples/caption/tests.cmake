# Trains for a moment, saves, and uses the model in new processes: the same figures.
set(saved ${CMAKE_CURRENT_BINARY_DIR}/caption_test.safetensors)
set(picture ${CMAKE_CURRENT_BINARY_DIR}/caption_test.svg)
set(figures "pairs that it has:\n\nin % .*\nwithout attention +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.]+\nnearest of 5,000 pictures +0.0 ")
add_test(NAME caption:train COMMAND caption train --epochs 0.02 --units 16)
set_tests_properties(caption:train PROPERTIES PASS_REGULAR_EXPRESSION "${figures}")
add_test(NAME caption:attention COMMAND caption train --attention --epochs 0.02 --units 16 --save ${saved})
set_tests_properties(caption:attention PROPERTIES FIXTURES_SETUP caption_model PASS_REGULAR_EXPRESSION "\nwith attention +[0-9.]+ ")
add_test(NAME caption:reloaded COMMAND sh -c "$<TARGET_FILE:caption> train --epochs 0.1 --units 16 --save caption_again.safetensors | grep -A 4 '^1000 new' >caption_trained; $<TARGET_FILE:caption> evaluate --load caption_again.safetensors | cmp - caption_trained && grep 'without attention' caption_trained"
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})

# In colours, in letters, and where each word came from.
# A semicolon in an expression would make two of it, of which one is enough: hence dots.
function(caption_shows name expected)
    add_test(NAME caption:${name} COMMAND ${ARGN} $<TARGET_FILE:caption> show --load ${saved} --count 2)
    set_tests_properties(caption:${name} PROPERTIES FIXTURES_REQUIRED caption_model PASS_REGULAR_EXPRESSION "${expected}")
endfunction()
caption_shows(show "\\[38.5.[0-9]+.48.5.[0-9]+m▀.*  but it is a [ a-z]+\n")
caption_shows(show_letters "\n[.rgbypw]+  [^\n]+\n[.rgbypw]+  but it is a [ a-z]+\n[.rgbypw]+\n" ${CMAKE_COMMAND} -E env NO_COLOR=1)
add_test(NAME caption:heatmap COMMAND sh -c "$<TARGET_FILE:caption> show --load ${saved} --heatmap ${picture} && grep -c 'bottom right' ${picture}")
set_tests_properties(caption:heatmap PROPERTIES FIXTURES_REQUIRED caption_model)

# Four images of 2x2 pixels, in both parts, with a name that would command a terminal; the same with other names, and turned.
set(folder ${CMAKE_CURRENT_BINARY_DIR}/caption_images)
set(looks ${CMAKE_CURRENT_BINARY_DIR}/caption_looks.safetensors)
set(pixels "\\0\\0\\144\\144\\377\\376\\377\\376\\144\\0\\144\\0\\377\\377\\0\\0")
execute_process(COMMAND sh -c "mkdir -p ${folder} && cd ${folder} && printf 'ground all half up\\033[5mper\\n' >names.txt
    for part in train t10k; do
        printf '\\0\\0\\10\\3\\0\\0\\0\\4\\0\\0\\0\\2\\0\\0\\0\\2${pixels}' >$part-images-idx3-ubyte
        printf '\\0\\0\\10\\1\\0\\0\\0\\4\\0\\1\\2\\3' >$part-labels-idx1-ubyte
    done
    for kind in named twice flat uneven few; do cp -r . ../caption_$kind; done
    cd .. && echo one two three four >caption_named/names.txt && echo a above c d >caption_twice/names.txt
    printf '\\0\\0\\10\\3\\0\\0\\0\\4\\0\\0\\0\\1\\0\\0\\0\\4${pixels}' | tee caption_flat/train-images-idx3-ubyte >caption_flat/t10k-images-idx3-ubyte
    cp caption_flat/t10k-images-idx3-ubyte caption_uneven
    printf '\\0\\0\\10\\1\\0\\0\\0\\4\\0\\1\\0\\1' >caption_few/t10k-labels-idx1-ubyte")
add_test(NAME caption:images COMMAND sh -c "$<TARGET_FILE:caption> train --images ${folder} --attention --epochs 2 --units 16 --save ${looks} >images.txt && grep -A 4 '^1000 new' images.txt >images_trained; $<TARGET_FILE:caption> evaluate --load ${looks} --images ${folder} | cmp - images_trained && cat images.txt"
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
set_tests_properties(caption:images PROPERTIES FIXTURES_SETUP caption_model
    PASS_REGULAR_EXPRESSION "^4 real pictures, put together in pairs. New pictures .*\nwith attention +[0-9.]+ +[0-9.]+ +100.0 +0.0\nnearest of 5,000 pictures +0.0 +[0-9.]+ +100.0 +0.0\n$")
add_test(NAME caption:show_images COMMAND sh -c "NO_COLOR=1 $<TARGET_FILE:caption> show --load ${looks} --images ${folder} --count 20 >marks && tr -d '\\033' <marks | cmp - marks && cat marks"
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
set_tests_properties(caption:show_images PROPERTIES PASS_REGULAR_EXPRESSION "\n[.*@][.*@][.*@][.*@]\n  a [^\n]+a bright up␛\\[5mper")
add_test(NAME caption:grey COMMAND sh -c "$<TARGET_FILE:caption> show --load ${looks} --images ${folder} --count 1 --heatmap looks.svg && ! grep middle looks.svg && grep -c 'bottom right' looks.svg"
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
set_tests_properties(caption:grey PROPERTIES PASS_REGULAR_EXPRESSION "38.5.255.48.5.2[345][0-9]m▀.*\n[1-9][0-9]*\n$")
foreach(test IN ITEMS show_images grey)
    set_tests_properties(caption:${test} PROPERTIES FIXTURES_REQUIRED caption_model)
endforeach()

# Bad input: one sentence and exit code 1.
function(caption_refuses_images kind message)
    example_refuses(caption ${kind} "${message}" evaluate ${ARGN})
    set_tests_properties(caption:${kind} PROPERTIES FIXTURES_REQUIRED caption_model)
endfunction()
caption_refuses_images(images_missing "has learned from real pictures: give some with --images" --load ${looks})
caption_refuses_images(images_of_shapes "has learned from shapes, which are drawn: it takes no --images" --load ${saved} --images ${folder})
caption_refuses_images(images_named "caption_named/names.txt has other names than the model" --load ${looks} --images ${folder}/../caption_named)
caption_refuses_images(images_flat "caption_flat has images of 4x1 pixels, the model has learned from 2x2" --load ${looks} --images ${folder}/../caption_flat)
example_refuses(caption images_nowhere "there is no ${CMAKE_CURRENT_BINARY_DIR}/names.txt" train --epochs 0.1 --images ${CMAKE_CURRENT_BINARY_DIR})
example_refuses(caption images_twice "caption_twice/names.txt: a is there twice, or is another word of captions" train --epochs 0.1 --images ${folder}/../caption_twice)
example_refuses(caption images_uneven "the images of its part t10k have 4x1 pixels, those that are learned from 2x2" train --epochs 0.1 --images ${folder}/../caption_uneven)
example_refuses(caption images_few "its part t10k has no pair that is held out; held out are the names k and 3 - k of names.txt" train --epochs 0.1
    --images ${folder}/../caption_few)
example_refuses(caption no_attention "has no attention to show" show --load ${CMAKE_CURRENT_BINARY_DIR}/caption_again.safetensors --heatmap ${picture}.svg)
set_tests_properties(caption:no_attention PROPERTIES DEPENDS caption:reloaded)
example_refuses(caption picture_over_model "is an input: it is not replaced by a picture" show --load ${saved} --heatmap ${saved})
set_tests_properties(caption:picture_over_model PROPERTIES FIXTURES_REQUIRED caption_model)
example_refuses(caption other_model "is not a model of caption" evaluate --load ${CMAKE_CURRENT_BINARY_DIR}/char_lm_test.safetensors)
set_tests_properties(caption:other_model PROPERTIES FIXTURES_REQUIRED char_lm_model)
example_refuses(caption zero_pictures "--count" show --load ${saved} --count 0)
example_refuses_values(caption)
# A model whose metadata lies is refused before one is made.
foreach(value IN ITEMS 20000 9000000000000000000)
    example_lying(caption ${saved} units ${value} "in its metadata, units is ${value}, and the ")
endforeach()
foreach(key IN ITEMS height width)
    example_lying(caption ${looks} ${key} 9000000000000000000 "in its metadata, ${key} is 9000000000000000000, and the " images ${folder})
endforeach()
example_lying(caption ${looks} names dark "in its metadata, names: it is no list of names" images ${folder})
example_lying(caption ${saved} attention maybe "caption_attention_maybe: in its metadata, attention: \"maybe\" is neither yes nor no")

example_script(caption:unread unread.sh $<TARGET_FILE:caption> --units 8)
example_script(caption:resumed resumed.sh $<TARGET_FILE:caption> --units 4)
example_script(caption:unresumed unresumed.sh $<TARGET_FILE:caption> --images ${folder} ${CMAKE_CURRENT_BINARY_DIR}/char_lm_test.run --units 4)
set_tests_properties(caption:unresumed PROPERTIES FIXTURES_REQUIRED char_lm_run)
example_script(caption:terminal terminal.sh $<TARGET_FILE:caption> --units 8)
set_tests_properties(caption:terminal PROPERTIES SKIP_RETURN_CODE 77 COST 8)
