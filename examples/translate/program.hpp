#pragma once

#include "task.hpp"

namespace translate {

/// The command line of a task.
int program(const Task& task, int argc, char** argv);

}  // namespace translate
