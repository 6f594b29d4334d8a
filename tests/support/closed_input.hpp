#pragma once

#include <unistd.h>

/// While it lives, the standard input is closed, as it may be in a service: the next file to be opened gets the descriptor 0.
class ClosedInput {
public:
    ClosedInput() { close(0); }
    ~ClosedInput() {
        dup2(before_, 0);
        close(before_);
    }
    ClosedInput(const ClosedInput&) = delete;
    ClosedInput& operator=(const ClosedInput&) = delete;

private:
    int before_ = dup(0);
};
