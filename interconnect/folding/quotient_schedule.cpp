// Of equal patterns all triples (sender, receiver, chunks) are the same, and so is who is kept: receives are counted once
// for each.

#include "interconnect/folding/quotient_schedule.h"

#include "interconnect/folding/call_patterns.h"

#include <algorithm>

namespace myriad {

namespace {

GroupPlaces places_of(const Schedule& whole, const FoldedSeats& seats) {
    return {whole.ranks(), seats.stands_in.size() > static_cast<std::size_t>(whole.ranks())};
}

}  // namespace

QuotientSchedule::QuotientSchedule(const Schedule& whole, const FoldedSeats& seats)
    : whole_(whole), seats_(seats), helped_group_(places_of(whole, seats).helped) {
    const int count = whole.helped() ? static_cast<int>(seats.stands_in.size()) : whole.ranks();
    std::vector<int> runners;
    for (int seat = 0; seat < count; ++seat) {
        if (seats.stands_in[static_cast<std::size_t>(seat)] == static_cast<std::uint32_t>(seat)) {
            runners.push_back(seat);
        }
    }
    std::vector<Transfer> sent;
    for (int step = 0; step < whole.steps(); ++step) {
        const auto [known, fresh] = receives_.try_emplace(whole.pattern(step));
        if (!fresh) {
            continue;
        }
        known->second.assign(seats.stands_in.size(), 0);
        for (const int runner : runners) {
            sends(runner, step, sent);
            for (const Transfer& transfer : sent) {
                ++known->second[seats.stands_in[static_cast<std::size_t>(transfer.peer)]];
            }
        }
    }
}

void QuotientSchedule::sends(int rank, int step, std::vector<Transfer>& out) const {
    whole_.sends(rank, step, out);
    const GroupPlaces places{whole_.ranks(), helped_group_};
    const std::vector<std::uint32_t>& kept = seats_.kept[static_cast<std::size_t>(rank)];
    std::erase_if(out, [&](const Transfer& transfer) {
        return !std::binary_search(kept.begin(), kept.end(), static_cast<std::uint32_t>(places.of_seat(transfer.peer)));
    });
}

int QuotientSchedule::receives(int rank, int step) const {
    return receives_.at(whole_.pattern(step))[static_cast<std::size_t>(rank)];
}

}  // namespace myriad
