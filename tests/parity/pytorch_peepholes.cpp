#include "bptt/cells/lstm.hpp"
#include "support/fixture.hpp"

using namespace bptt;

namespace {
template <Peephole P> void check_form(const std::string& file) { check_fixture<Lstm<double, P>, Lstm<float, P>>(file, 3); }
}  // namespace

TEST_CASE("pytorch: lstm with peepholes, op by op") {
    check_form<Peephole::current>("lstm_current.txt");
    check_form<Peephole::previous>("lstm_previous.txt");
    check_form<Peephole::full>("lstm_full.txt");
}
