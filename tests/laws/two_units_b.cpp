#include "laws/two_units.hpp"

double loss_of_unit_b() { return loss_of_this_unit(); }
