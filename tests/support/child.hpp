#pragma once

#include <sys/wait.h>
#include <unistd.h>

/// Whether f() is true in a child process. A child that has not ended within a minute is killed.
template <class F> bool holds_in_child(const F& f) {
    const pid_t child = fork();
    if (child == 0) {
        alarm(60);
        bool holds = false;
        try {
            holds = f();
        } catch (...) {  // Catch2 must not go on in the child
        }
        _exit(holds ? 0 : 1);
    }
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
