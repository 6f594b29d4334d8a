// For Catch2 packages without a ready-made main().
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
