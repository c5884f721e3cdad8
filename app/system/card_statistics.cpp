// Sums over cards; a spread where a card that differs from the others would be worth seeing.

#include "app/system/card_statistics.h"

namespace myriad {

void add_card_statistics(const std::vector<std::unique_ptr<PpuCard>>& cards, StatisticReport& report,
                         const std::vector<std::int64_t>& copies) {
    if (cards.empty()) {
        return;
    }
    Bytes read;
    Bytes written;
    std::int64_t forwarded = 0;
    std::int64_t kernels = 0;
    Summary busy;
    Summary stretch;
    Summary held;
    for (std::size_t c = 0; c < cards.size(); ++c) {
        const auto& card = cards[c];
        const std::int64_t times = copies.empty() ? 1 : copies[c];
        read += times * card->hbm.stats().read;
        written += times * card->hbm.stats().written;
        forwarded += times * card->ports.packets_forwarded();
        kernels += times * card->compute.stats().kernels;
        busy.add(card->busy().count(), times);
        if (CardShare* share = card->share()) {
            stretch.add(share->stats().stretch.count(), times);
            held.add(share->stats().held.count(), times);
        }
    }
    report.add("cards.hbm_read", read, "bytes that kernels and messages read from HBM, all cards");
    report.add("cards.hbm_written", written, "bytes that kernels and messages wrote to HBM, all cards");
    report.add_count("cards.packets_forwarded", forwarded, "packets that cards passed on for others");
    if (kernels > 0) {
        report.add_count("cards.kernels", kernels, "kernels run, all cards");
        if (cards.front()->share() != nullptr) {
            report.add("cards.kernel_stretch", stretch, "ps",
                       "time by which a card's kernels took longer than alone, over cards");
            report.add(
                "cards.message_delay", held, "ps",
                "time by which messages to a card came later than the network alone would bring them, over cards");
        }
        report.add("cards.compute_busy", busy, "ps", "time in which a card's compute unit works, over cards");
    }
}

}  // namespace myriad
