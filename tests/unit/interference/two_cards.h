#pragma once
// Two cards and one link of 50 GB/s, 500 ns long, with round figures: HBM of 100 GB/s, 64 cores, 10 TFLOP/s on the vector
// lanes, kernels that start at once.

#include "tests/support/systems.h"

namespace myriad::test {

inline ChipConfig narrow_chip() {
    ChipConfig chip = reference::round_chip();
    chip.hbm.bandwidth = BytesPerSecond{100'000'000'000};
    chip.launch_latency = Picoseconds{0};
    return chip;
}

struct TwoCards {
    explicit TwoCards(const ChipConfig& chip, bool interference = true)
        : system(icn_server(WiringRecipe::full_mesh, 2, BytesPerSecond{50'000'000'000}, ns(500)), chip,
                 {Bytes{1'000'000}, BuildOrder::forward, {nullptr, interference}}),
          finishes(system) {
        system.elaborate();
    }
    // 10 ms alone, all of it reading HBM at its full 100 GB/s.
    [[nodiscard]] static Kernel streaming() {
        Kernel kernel;
        kernel.unit = KernelUnit::vector;
        kernel.read = Bytes{1'000'000'000};
        return kernel;
    }
    // 10 ms alone on all 64 cores, no HBM.
    [[nodiscard]] static Kernel computing() {
        Kernel kernel;
        kernel.unit = KernelUnit::vector;
        kernel.work = Flop{1e11};
        return kernel;
    }
    void execute(int on, const Kernel& kernel) { system.card(card(on)).execute(kernel, finishes.expect()); }
    void send(int from, int to, std::int64_t bytes) {
        system.network().receive(card(to), card(from), 0, {});
        system.network().send(card(from), card(to), Bytes{bytes}, 0, finishes.expect());
    }
    void run() {
        system.run();
        std::vector<std::string> held;
        system.check_laws(held);  // throws if HBM or cores gave more than they have, or bytes are missing
    }
    [[nodiscard]] Picoseconds end(std::size_t number) const { return finishes.at[number].time_since_epoch(); }

    PacketSystem system;
    Finishes finishes;
};

// Within the rounding of one change of speed to picoseconds.
inline bool near(Picoseconds a, Picoseconds b) { return std::abs((a - b).count()) <= 10; }

}  // namespace myriad::test
