# What the reports' pages are to a parser of HTML, and what they do in a browser.
add_executable(write_pages inspect/report/write_pages.cpp)
bptt_own_target(write_pages)
target_link_libraries(write_pages PRIVATE bptt_test_options)
set(pages ${CMAKE_CURRENT_BINARY_DIR}/report_pages)
add_test(NAME inspect:report_write COMMAND write_pages ${pages})
add_test(NAME inspect:report_pages COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/inspect/report/pages.sh ${pages})
set_tests_properties(inspect:report_write PROPERTIES FIXTURES_SETUP report_pages)
set_tests_properties(inspect:report_pages PROPERTIES FIXTURES_REQUIRED report_pages COST 20 SKIP_RETURN_CODE 77)
