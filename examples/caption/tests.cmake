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
function(caption_shows name expected)
    add_test(NAME caption:${name} COMMAND ${ARGN} $<TARGET_FILE:caption> show --load ${saved} --count 2)
    set_tests_properties(caption:${name} PROPERTIES FIXTURES_REQUIRED caption_model PASS_REGULAR_EXPRESSION "${expected}")
endfunction()
caption_shows(show "\\[38;5;[0-9]+;48;5;[0-9]+m▀.*  but it is a [ a-z]+\n")
caption_shows(show_letters "\n[.rgbypw]+  [^\n]+\n[.rgbypw]+  but it is a [ a-z]+\n[.rgbypw]+\n" ${CMAKE_COMMAND} -E env NO_COLOR=1)
add_test(NAME caption:heatmap COMMAND sh -c "$<TARGET_FILE:caption> show --load ${saved} --heatmap ${picture} && grep -c 'bottom right' ${picture}")
set_tests_properties(caption:heatmap PROPERTIES FIXTURES_REQUIRED caption_model)

# Bad input: one sentence and exit code 1.
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
example_lying(caption ${saved} attention maybe "caption_attention_maybe: in its metadata, attention: \"maybe\" is neither yes nor no")

example_script(caption:unread unread.sh $<TARGET_FILE:caption> --units 8)
example_script(caption:resumed resumed.sh $<TARGET_FILE:caption> --units 4)
example_script(caption:terminal terminal.sh $<TARGET_FILE:caption> --units 8)
set_tests_properties(caption:terminal PROPERTIES SKIP_RETURN_CODE 77 COST 8)
