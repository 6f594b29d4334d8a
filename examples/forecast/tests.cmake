# Trains for a moment, saves, and uses the model in new processes: the same figures.
set(saved ${CMAKE_CURRENT_BINARY_DIR}/forecast_test.safetensors)
set(csv ${CMAKE_CURRENT_BINARY_DIR}/forecast.csv)
execute_process(COMMAND awk "BEGIN { print \"day,\\\"x, in m\\\",y\"; for (t = 0; t < 300; ++t) printf \"d%d,%.3f,%.3f\\n\", t, sin(t / 2) + t / 99, cos(t / 2) }"
    OUTPUT_FILE ${csv})
set(small --csv ${csv} --target "x, in m" y --horizon 5 --season 12 --units 8)
add_test(NAME forecast:train COMMAND forecast train ${small} --window 14 --epochs 20 --save ${saved})
set_tests_properties(forecast:train PROPERTIES FIXTURES_SETUP forecast_model
    PASS_REGULAR_EXPRESSION "5 steps ahead, after each of 41 windows.*\nx, in m  LSTM +[0-9.e-]+ +[0-9.e-]+ +[0-9.e-]+\n.*\ny  +LSTM ")
add_test(NAME forecast:recursive COMMAND forecast train ${small} --window 14 --recursive --epochs 5 --save ${saved}_recursive)
set_tests_properties(forecast:recursive PROPERTIES FIXTURES_SETUP forecast_recursive PASS_REGULAR_EXPRESSION "5 steps ahead, after each of 41 windows")
add_test(NAME forecast:reloaded COMMAND sh -c "$<TARGET_FILE:forecast> train --csv '${csv}' --target y --feature 'x, in m' --window 9 --horizon 3 --season 1 --units 4 --epochs 2 --save again.safetensors | grep -A 3 RMSE >trained; $<TARGET_FILE:forecast> evaluate --load again.safetensors --csv '${csv}' | grep -A 3 RMSE | cmp - trained && grep -c LSTM trained"
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
set(picture ${CMAKE_CURRENT_BINARY_DIR}/forecast_test.svg)
add_test(NAME forecast:predict COMMAND sh -c "$<TARGET_FILE:forecast> predict --load ${saved} --csv ${csv} --svg ${picture} && grep -c '<title>forecast' ${picture}")
set_tests_properties(forecast:predict PROPERTIES FIXTURES_REQUIRED forecast_model
    PASS_REGULAR_EXPRESSION "step  +forecast +from +to\n +1  x, in m .*\n +5  y ")
example_script(forecast:storages storages.sh $<TARGET_FILE:forecast> "x, in m  LSTM *\\([0-9.]*\\) .*" --load ${saved} --csv ${csv})
set_tests_properties(forecast:storages PROPERTIES FIXTURES_REQUIRED forecast_model)

# A byte-order mark, semicolons and lines as Windows has them.
execute_process(COMMAND sh -c "printf '\\357\\273\\277x;t\\r\\n'; seq 300 | sed 's/$/;+1\\r/'" OUTPUT_FILE ${CMAKE_CURRENT_BINARY_DIR}/forecast_dialect.csv)
add_test(NAME forecast:dialect COMMAND forecast train --csv ${CMAKE_CURRENT_BINARY_DIR}/forecast_dialect.csv --target x t --horizon 3 --window 9
    --season 1 --epochs 1 --units 4)
set_tests_properties(forecast:dialect PROPERTIES PASS_REGULAR_EXPRESSION "x  LSTM.*\nt  LSTM .*0 +0 +–")

# Bad input: one sentence, with the file, the line and the column, and exit code 1.
function(forecast_refuses name text message)
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/forecast_${name}.csv "${text}")
    example_refuses(forecast ${name} "forecast_${name}.csv${message}" --csv ${CMAKE_CURRENT_BINARY_DIR}/forecast_${name}.csv --target x ${ARGN})
endfunction()
forecast_refuses(no_number "t,x\n1,2\n2,\n" ":3: column x is missing; --missing forward")
forecast_refuses(nothing_before "t,x\n1,NA\n2,3\n" ":2: column x is missing, and there is no row before" --missing forward)
forecast_refuses(not_finite "t,x\n1,inf\n" ":2: column x is missing; --missing")
forecast_refuses(no_column "t,y\n1,2\n" " has no column x; there are t, y")
forecast_refuses(short_row "t,x\n1,2\n2\n" ":3: 1 fields, the header has 2")
forecast_refuses(open_quote "t,x\n1,\"2\n" ":2: a quote stands within a field, or is not closed")
forecast_refuses(blank_line "x\n1\n\n3\n" ":3: column x is missing")
forecast_refuses(blank_row "t,x\n1,2\n\n3,4\n" ":3: 0 fields, the header has 2")
forecast_refuses(twice "x,x\n1,2\n" " has 2 columns x; there are x, x")
forecast_refuses(last_line "t,x\n1,2\n2,1x" ":3: column x is \"1x\", not a number")
forecast_refuses(out_of_range "t,x\n1,1e999\n" ":2: column x is \"1e999\", which is out of range")
forecast_refuses(no_rows "t,x\n" " has no rows below its header")
example_refuses(forecast recursive_stream "--storage: the model is recursive" evaluate --load ${saved}_recursive --csv ${csv} --storage int8)
set_tests_properties(forecast:recursive_stream PROPERTIES FIXTURES_REQUIRED forecast_recursive)
example_refuses(forecast few_rows "there are 300 rows; with a window of 250 and a horizon of 5 it takes at least" ${small} --window 250)
example_refuses(forecast long_season "--season 12 is longer than --window 9" ${small} --window 9)
example_refuses(forecast target_alone "--csv and --target go together" --target x)
example_refuses(forecast recursive_feature "--recursive: what is not foreseen" --csv ${csv} --target y --feature "x, in m" --recursive)
example_refuses(forecast other_model "is not a model of forecast" evaluate --load ${CMAKE_CURRENT_BINARY_DIR}/char_lm_test.safetensors)
set_tests_properties(forecast:other_model PROPERTIES FIXTURES_REQUIRED char_lm_model)
example_script(forecast:resumed resumed.sh $<TARGET_FILE:forecast> --units 48 --batch 4 --rate 5e-5)
example_script(forecast:unread unread.sh $<TARGET_FILE:forecast> --units 16)
# A model that was learned with gaps closes them again.
execute_process(COMMAND awk "BEGIN { print \"x\"; for (t = 0; t < 200; ++t) print t == 50 || t == 190 ? \"NA\" : sin(t / 2) }"
    OUTPUT_FILE ${CMAKE_CURRENT_BINARY_DIR}/forecast_gaps.csv)
add_test(NAME forecast:gaps COMMAND sh -c "$<TARGET_FILE:forecast> --csv forecast_gaps.csv --target x --window 9 --horizon 3 --season 1 --units 4 --epochs 1 --missing forward --save gaps.safetensors --report gaps.html && grep -q 'How good it is' gaps.html && $<TARGET_FILE:forecast> predict --load gaps.safetensors --csv forecast_gaps.csv"
    WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
set_tests_properties(forecast:gaps PROPERTIES PASS_REGULAR_EXPRESSION "step +forecast +from +to")
