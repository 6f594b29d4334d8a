# Learns from files for a moment, saves, and uses the model in new processes: the same figures, and the same sound in blocks of
# any size.
set(sounds ${CMAKE_CURRENT_BINARY_DIR}/live_audio_test)
file(MAKE_DIRECTORY ${sounds})
set(pair --input ${sounds}/guitar.wav --target ${sounds}/distortion.wav)
add_test(NAME live_audio:make COMMAND live_audio make ${pair})
set_tests_properties(live_audio:make PROPERTIES FIXTURES_SETUP live_audio_pair
    PASS_REGULAR_EXPRESSION "guitar.wav: 60.0 s\n.*distortion.wav: 60.0 s")
add_test(NAME live_audio:train COMMAND sh -c "$<TARGET_FILE:live_audio> train --input guitar.wav --target distortion.wav --batch 16 --epochs 3 --rate 1e-2 --units 8 --save model --report page.html | tee output && grep -E '^(LSTM|linear|the)' output >trained && $<TARGET_FILE:live_audio> evaluate --load model --input guitar.wav --target distortion.wav --svg picture.svg | grep -E '^(LSTM|linear|the)' | cmp - trained && grep -c '<title>LSTM' picture.svg && grep -c 'A hundredth of a second' page.html"
    WORKING_DIRECTORY ${sounds})
set_tests_properties(live_audio:train PROPERTIES FIXTURES_REQUIRED live_audio_pair FIXTURES_SETUP live_audio_model
    PASS_REGULAR_EXPRESSION "9.0 s that were held out:.*LSTM of 8 units +0\\.[0-4][0-9]+ +[0-2]\\.[0-9]+\nlinear filter +7\\.6.*times as fast as real time")
add_test(NAME live_audio:process COMMAND sh -c "for size in 1 64 1000; do $<TARGET_FILE:live_audio> process --load model --input guitar.wav --output $size.wav --block $size | grep -E '^A block of '$size; done && cmp 1.wav 64.wav && cmp 1.wav 1000.wav && ! cmp -s 1.wav guitar.wav && [ $(wc -c <1.wav) = $(wc -c <guitar.wav) ]"
    WORKING_DIRECTORY ${sounds})
set_tests_properties(live_audio:process PROPERTIES FIXTURES_REQUIRED live_audio_model)
example_script(live_audio:resumed resumed.sh $<TARGET_FILE:live_audio> --units 16 --batch 8)
example_script(live_audio:unread unread.sh $<TARGET_FILE:live_audio> --units 8)

# Bad input: one sentence and exit code 1.
example_refuses(live_audio no_file "there is no file " train --input none.wav --target none.wav)
example_refuses(live_audio no_sound "forecast.csv cannot be read as a sound: " train --input ${CMAKE_CURRENT_BINARY_DIR}/forecast.csv
    --target ${CMAKE_CURRENT_BINARY_DIR}/forecast.csv)
example_refuses(live_audio target_alone "--input and --target go together" train --target x.wav)
example_refuses(live_audio few_samples "the sounds have 2880000 samples; with --batch 4000 and --window 512 it takes at least 8777143" --batch 4000)
example_refuses(live_audio other_model "is not a model of live_audio" evaluate --load ${CMAKE_CURRENT_BINARY_DIR}/char_lm_test.safetensors)
set_tests_properties(live_audio:other_model PROPERTIES FIXTURES_REQUIRED char_lm_model)
example_refuses(live_audio over_input "guitar.wav is an input: it is not replaced by a WAV file" process --load ${sounds}/model
    --input ${sounds}/guitar.wav --output ${sounds}/guitar.wav)
example_refuses(live_audio over_page "page.html exists and is no WAV file" process --load ${sounds}/model
    --input ${sounds}/guitar.wav --output ${sounds}/page.html)
set_tests_properties(live_audio:over_input live_audio:over_page PROPERTIES FIXTURES_REQUIRED live_audio_model)
