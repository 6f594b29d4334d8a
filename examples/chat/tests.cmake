# Learns for a moment, saves, and answers in new processes.
set(saved ${CMAKE_CURRENT_BINARY_DIR}/chat_test.safetensors)
add_test(NAME chat:train COMMAND chat train --epochs 2 --units 48 --features 16 --save ${saved})
set_tests_properties(chat:train PROPERTIES FIXTURES_SETUP chat_model PASS_REGULAR_EXPRESSION "held-out sources, greedily: ")
add_test(NAME chat:evaluate COMMAND chat evaluate --load ${saved})
add_test(NAME chat:talk COMMAND sh -c "printf 'Where do we go TOMORROW?\\nDo you remember me?\\n' | $<TARGET_FILE:chat> talk --load ${saved}")
set_tests_properties(chat:evaluate PROPERTIES PASS_REGULAR_EXPRESSION
    "% of [0-9]+ held-out dialogues exact.*answers that were cut: [0-9]+\nsymbols from the question: [0-9]+, looked for where they stand: [0-9.]+ %")
set_tests_properties(chat:talk PROPERTIES PASS_REGULAR_EXPRESSION "tomorrow we go to the lake\\.\nno, i remember nothing of what was said before\\.\n")
set_tests_properties(chat:evaluate chat:talk PROPERTIES FIXTURES_REQUIRED chat_model)
example_refuses(chat other_model "is not a model of chat" talk --load ${CMAKE_CURRENT_BINARY_DIR}/translate_test.safetensors)
set_tests_properties(chat:other_model PROPERTIES FIXTURES_REQUIRED translate_model)
example_script(chat:resumed resumed.sh $<TARGET_FILE:chat> --units 8 --features 8 --batch 512)
