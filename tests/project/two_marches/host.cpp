#include <dlfcn.h>

#include <bptt/core/types.hpp>

/// Loads the plugins that it is given, each with functions of its own, and calls them.
int main(int, char** plugins) {
    while (*++plugins) {
        void* const plugin = dlopen(*plugins, RTLD_NOW | RTLD_LOCAL);
        if (!plugin) return 2;
        reinterpret_cast<void (*)()>(dlsym(plugin, "other"))();
    }
}
