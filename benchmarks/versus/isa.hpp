#pragma once

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string>

#include <torch/torch.h>
#include <oneapi/dnnl/dnnl.hpp>

#include <bptt/core/check.hpp>

namespace versus {

/// Which of the CPU's instructions all engines may use: a program of ours that is compiled for them, and what libtorch, oneDNN
/// and two BLAS libraries read from the environment.
struct Isa {
    std::string name, suffix, environment;

    /// The program that measures with it, beside this one.
    std::string program() const {
        const std::string self = std::filesystem::read_symlink("/proc/self/exe");
        return self + suffix;
    }
};
inline Isa isa(const std::string& name) {
    if (name == "native") return {name, "", __builtin_cpu_supports("avx512f") ? "ATEN_CPU_CAPABILITY=avx512" : ""};
    bptt::throw_unless(name == "avx2", "versus: isa is ", name, ", not native or avx2");
    bptt::throw_unless(__builtin_cpu_supports("avx2"), "versus: this CPU has no AVX2");
    return {name, "_avx2",
            "ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=AVX2 DNNL_MAX_CPU_ISA=AVX2 OPENBLAS_CORETYPE=Haswell "
            "BLIS_ARCH_TYPE=haswell"};
}

/// Throws if this program, libtorch or oneDNN would use more than `isa` allows.
inline void check_limits(const Isa& isa) {
    if (isa.name == "native") return;
    bptt::throw_unless(bptt::kernels::Packet<float>::size == 8, "versus: bptt is compiled for registers of ",
                       bptt::kernels::Packet<float>::size, " floats");
    using dnnl::cpu_isa;
    bptt::throw_unless(
        std::ranges::count(std::array{cpu_isa::sse41, cpu_isa::avx, cpu_isa::avx2}, dnnl::get_effective_cpu_isa()) == 1,
        "versus: oneDNN does not keep to AVX2");
    bptt::throw_unless(at::show_config().find("CPU capability usage: AVX2") != std::string::npos,
                       "versus: libtorch does not keep to AVX2:\n", at::show_config());
}

/// The CPU's name, as Linux has it.
inline std::string cpu_name() {
    std::ifstream file("/proc/cpuinfo");
    std::string name = "an unknown CPU", family, model;
    for (std::string line; std::getline(file, line) && !line.empty();) {
        const auto colon = line.find(": ");
        if (colon == std::string::npos) continue;
        const std::string value = line.substr(colon + 2);
        if (line.starts_with("model name")) name = value;
        if (line.starts_with("cpu family")) family = value;
        if (line.starts_with("model\t")) model = value;
    }
    return family.empty() ? name : name + " (family " + family + ", model " + model + ")";
}

}  // namespace versus
