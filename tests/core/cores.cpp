#include "bptt/core/cores.hpp"

#include <filesystem>
#include <iterator>
#include <limits>

#include "bptt/core/threads.hpp"
#include "catch.hpp"
#include "support/child.hpp"
#include "support/folder.hpp"

using namespace bptt;

#ifdef __linux__

namespace {

constexpr int unlimited = std::numeric_limits<int>::max();

/// A folder like /sys/fs/cgroup.
class ControlGroups {
public:
    ControlGroups() { std::filesystem::create_directory(folder_ / "cpu"); }

    void write(const char* file, const char* content) const { folder_.write(file, content); }
    int granted() const { return detail::granted_cores((folder_ / "").string()); }

private:
    Folder folder_;
};

}  // namespace

TEST_CASE("cores: what version 2 of control groups grants, rounded up") {
    const auto [content, cores] = GENERATE(table<const char*, int>({
        {"100000 100000\n", 1},
        {"150000 100000\n", 2},
        {"200000 100000\n", 2},
        {"200001 100000\n", 3},
        {"1 100000\n", 1},
        {"max 100000\n", unlimited},
        {"999999999999999999 1\n", unlimited},
        {"0 100000\n", unlimited},
        {"-1 100000\n", unlimited},
        {"100000 0\n", unlimited},
        {"100000 -100000\n", unlimited},
        {"100000\n", unlimited},
        {"", unlimited},
        {"two of four\n", unlimited},
    }));
    CAPTURE(content);
    const ControlGroups groups;
    groups.write("cpu.max", content);
    CHECK(groups.granted() == cores);
}

TEST_CASE("cores: what version 1 of control groups grants") {
    const ControlGroups groups;
    CHECK(groups.granted() == unlimited);
    groups.write("cpu/cpu.cfs_quota_us", "250000\n");
    CHECK(groups.granted() == unlimited);
    groups.write("cpu/cpu.cfs_period_us", "100000\n");
    CHECK(groups.granted() == 3);
    groups.write("cpu/cpu.cfs_quota_us", "-1\n");
    CHECK(groups.granted() == unlimited);
    groups.write("cpu/cpu.cfs_quota_us", "none\n");
    CHECK(groups.granted() == unlimited);
    CHECK(detail::granted_cores("/no such folder") == unlimited);
}

TEST_CASE("cores: no file stays open") {
    const auto open_files = [] { return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}); };
    const ControlGroups groups;
    groups.write("cpu.max", "100000 100000\n");
    const auto before = open_files();
    CHECK(groups.granted() == 1);
    CHECK(open_files() == before);
}

TEST_CASE("cores: those that the process may run on") {
    const int all = detail::available_cores();
    CHECK(all >= 1);
    CHECK(Threads().count() == all);
    CHECK(holds_in_child([] {
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(sched_getcpu(), &one);
        return sched_setaffinity(0, sizeof one, &one) == 0 && detail::available_cores() == 1;
    }));
}

#endif
