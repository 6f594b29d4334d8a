#include "bptt/core/members.hpp"

#include <any>
#include <array>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace bptt::detail;

namespace {

struct Empty {};
struct One {
    int a;
};
struct Numbers {
    int a = 1;
    double b = 2;
    const char* c = nullptr;
};
struct Nested {
    Numbers first;
    One second;
    std::array<int, 3> third;
};
struct Library {
    std::optional<int> a;
    std::any b;
    std::function<void()> c;
    std::unique_ptr<int> d;
    std::string e;
    std::vector<One> f;
    std::mutex g;
};
struct NoDefault {
    NoDefault(int) {}
};
struct Holds {
    NoDefault a, b;
    int c;
};
struct Final final {
    int a, b;
};
struct Two {
    int a, b;
};
struct Three {
    int a, b, c;
};
struct Four {
    int a, b, c, d;
};
struct Five {
    int a, b, c, d, e;
};
struct Six {
    int a, b, c, d, e, f;
};
struct Seven {
    int a, b, c, d, e, f, g;
};
struct Eight {
    int a, b, c, d, e, f, g, h;
};
struct Nine {
    int a, b, c, d, e, f, g, h, i;
};
struct Ten {
    int a, b, c, d, e, f, g, h, i, j;
};
struct Eleven {
    int a, b, c, d, e, f, g, h, i, j, k;
};
struct Twelve {
    int a, b, c, d, e, f, g, h, i, j, k, l;
};
struct Thirteen {
    int a, b, c, d, e, f, g, h, i, j, k, l, m;
};
struct Fourteen {
    int a, b, c, d, e, f, g, h, i, j, k, l, m, n;
};
struct Fifteen {
    int a, b, c, d, e, f, g, h, i, j, k, l, m, n, o;
};
struct Sixteen {
    int a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p;
};

struct Seventeen {
    Sixteen a;
    int b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q;
};
struct Array {
    int a;
    float b[3];
};
struct Arrays {
    NoDefault a[2];
};
struct Reference {
    int& a;
    int b;
};
struct Derived : One {
    int b;
};
struct Constructed {
    Constructed(int) {}
    int a;
};
class Private {
    [[maybe_unused]] int a = 0;
};

static_assert(member_count<Empty>() == 0 && member_count<One>() == 1 && member_count<Numbers>() == 3);
static_assert(member_count<Nested>() == 3 && member_count<Library>() == 7 && member_count<Holds>() == 3);
static_assert(member_count<Final>() == 2 && member_count<Sixteen>() == 16);
static_assert(member_count<Seventeen>() == unknown_members && member_count<Array>() == unknown_members);
static_assert(member_count<Arrays>() == unknown_members && member_count<Reference>() == unknown_members);
static_assert(member_count<Derived>() == unknown_members && member_count<Constructed>() == unknown_members);
static_assert(member_count<Private>() == unknown_members && member_count<int>() == unknown_members);

}  // namespace

TEST_CASE("members: references to all of them, in order") {
    Nested x{{1, 2, "c"}, {4}, {5, 6, 7}};
    auto [first, second, third] = members(x);
    CHECK(&first == &x.first);
    CHECK(&second == &x.second);
    CHECK(&third == &x.third);
    static_assert(
        std::is_same_v<decltype(members(std::as_const(x))), std::tuple<const Numbers&, const One&, const std::array<int, 3>&>>);
    Empty empty;
    CHECK(std::tuple_size_v<decltype(members(empty))> == 0);
}

TEMPLATE_TEST_CASE("members: of each number up to sixteen", "", One, Two, Three, Four, Five, Six, Seven, Eight, Nine, Ten,
                   Eleven, Twelve, Thirteen, Fourteen, Fifteen, Sixteen) {
    TestType numbers;
    int* first = &numbers.a;
    const auto places = std::apply([](auto&... n) { return std::vector<int*>{&n...}; }, members(numbers));
    REQUIRE(places.size() == sizeof(TestType) / sizeof(int));
    for (int* place : places) CHECK(place == first++);
}
