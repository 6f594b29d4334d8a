# cmake -Dcommand="program;arguments" -Dmessage=text -P refuses.cmake
# Passes if the command exits with 1 and says one line on standard error that holds the message.
execute_process(COMMAND ${command} RESULT_VARIABLE code OUTPUT_QUIET ERROR_VARIABLE said)
string(FIND "${said}" "${message}" found)
if(NOT code EQUAL 1 OR found EQUAL -1 OR NOT said MATCHES "^[^\n]+\n$")
    message(FATAL_ERROR "exit code ${code}, expected 1 and one line with \"${message}\":\n${said}")
endif()
