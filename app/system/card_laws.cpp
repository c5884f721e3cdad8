// Integrals of shares against what the card has. Shares are doubles: a part in 10^9 is rounding.

#include "app/system/card_laws.h"

#include "sim/error/error.h"

#include <cmath>

namespace myriad {

namespace {

constexpr double kRounding = 1e-9;
constexpr double kBytes = 4096.0;  // of a card and run: parts of a byte that rounding to picoseconds moves

void check_share(PpuCard& card, Picoseconds elapsed) {
    CardShare& share = *card.share();
    if (!share.idle()) {
        throw LawError("every queue is empty", card.name(), "a kernel, a collective or a message still has a share");
    }
    const CardShareStats& stats = share.stats();
    const double cores = static_cast<double>(share.config().cores) * static_cast<double>(elapsed.count());
    if (stats.core_time_ps > cores * (1.0 + kRounding)) {
        throw LawError("no resource used twice at once", card.name(),
                       std::to_string(stats.core_time_ps) + " core picoseconds of " + std::to_string(cores));
    }
    const double moved = stats.kernel_bytes + stats.message_bytes;
    const double all = moved + share.backlog();
    const double peak = static_cast<double>(card.chip().hbm.bandwidth.count()) * seconds(elapsed);
    if (moved > peak * (1.0 + kRounding) + kBytes) {
        throw LawError("no HBM above its capacity", card.name(),
                       std::to_string(moved) + " B in a time for " + std::to_string(peak) + " B");
    }
    const double counted = static_cast<double>((card.hbm.stats().read + card.hbm.stats().written).count());
    if (std::abs(all - counted) > counted * kRounding + kBytes) {
        throw LawError("every byte of HBM has its share", card.name(),
                       std::to_string(all) + " B moved, " + std::to_string(counted) + " B counted");
    }
}

}  // namespace

void check_card_laws(const std::vector<std::unique_ptr<PpuCard>>& cards, Picoseconds elapsed,
                     std::vector<std::string>& held) {
    bool shared = false;
    for (const auto& card : cards) {
        if (card->command_processor.queued() != 0) {
            throw LawError("every queue is empty", card->name(), "kernels still wait");
        }
        if (card->busy() > elapsed) {
            throw LawError("no resource used twice at once", card->name(), "computes for longer than the run");
        }
        if (card->share() != nullptr) {
            check_share(*card, elapsed);
            shared = true;
        }
    }
    held.emplace_back("no resource used twice at once");
    if (shared) {
        held.emplace_back("no HBM above its capacity, and every byte has its share");
    }
}

}  // namespace myriad
