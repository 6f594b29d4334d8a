# The libraries that bptt uses, for its own build and in the installed package. A parent project may have made them itself.
if(NOT TARGET Eigen3::Eigen)
    find_package(Eigen3 3.4 QUIET NO_MODULE)
    if(NOT Eigen3_FOUND)
        find_package(Eigen3 5 QUIET NO_MODULE) # a new major version: asking for 3.4 refuses it
    endif()
endif()
find_package(Threads QUIET)
if(NOT TARGET nlohmann_json::nlohmann_json)
    find_package(nlohmann_json 3.10 QUIET)
endif()

unset(bptt_missing)
if(NOT TARGET Eigen3::Eigen)
    set(bptt_missing "bptt needs Eigen 3.4 or newer (Debian: libeigen3-dev).")
elseif(NOT TARGET Threads::Threads)
    set(bptt_missing "bptt needs the system's threads, which CMake does not find.")
endif()
