// Patterns are unrolled, each value a formula; then the whole is proven. Errors of a formula point at its line, a broken
// promise at the list of transfers.

#include "app/config_files/read_schedule.h"

#include "app/config_files/formula.h"
#include "app/config_files/words.h"
#include "interconnect/collective/proof.h"

#include <fmt/format.h>

#include <algorithm>

namespace myriad {
namespace {

constexpr std::int64_t kStepsMax = 100'000;
constexpr std::int64_t kPlacesMax = 1 << 22;  // a few numbers each
constexpr std::size_t kTransfersMax = 2'000'000;

struct Pattern {
    std::string from;
    std::string where;
    std::string repeat;
    std::string to;
    std::string chunk;
    std::string count;
    bool reduce = false;
};

class Unrolling {
public:
    Unrolling(Section& section, ScheduleListing& listing) : section_(section), listing_(listing) {}

    // False: an error has been told.
    bool run() {
        const std::string steps = section_.get<std::string>("steps");
        const std::size_t dots = steps.find("..");
        pattern_ = {section_.get<std::string>("from"),   section_.get<std::string>("where"),
                    section_.get<std::string>("repeat"), section_.get<std::string>("to"),
                    section_.get<std::string>("chunk"),  section_.get<std::string>("count"),
                    section_.get<bool>("reduce")};
        section_.finish();
        const std::int64_t first = value("steps", dots == std::string::npos ? steps : steps.substr(0, dots));
        const std::int64_t last = dots == std::string::npos ? first : value("steps", steps.substr(dots + 2));
        if (!failed_ && (first < 0 || last < first || last >= kStepsMax)) {
            fail("steps",
                 fmt::format("steps {} to {}: expected the first from 0 on, the last not before it and below {}", first,
                             last, kStepsMax));
        }
        if (!failed_ && (last + 1) * listing_.ranks > kPlacesMax) {
            fail("steps", fmt::format("{} steps of {} ranks, expected at most {} of both together", last + 1,
                                      listing_.ranks, kPlacesMax));
        }
        for (std::int64_t step = first; step <= last && !failed_; ++step) {
            listing_.steps = std::max(listing_.steps, static_cast<int>(step) + 1);
            unroll_step(step);
        }
        return !failed_;
    }

private:
    void fail(const char* key, std::string message) {
        if (!failed_) {
            section_.error(key, std::move(message));
        }
        failed_ = true;
    }

    std::int64_t value(const char* key, std::string_view text) {
        try {
            return value_of_formula(text, names_);
        } catch (const FormulaError& error) {
            fail(key, error.what());
            return 0;
        }
    }

    void set_names(std::int64_t step, std::int64_t rank, std::int64_t number) {
        names_ = {{"n", listing_.ranks}, {"c", listing_.chunks}, {"s", step}, {"r", rank}, {"i", number}};
    }

    void unroll_step(std::int64_t step) {
        set_names(step, 0, 0);
        const bool all = pattern_.from == "all";
        const std::int64_t first = all ? 0 : value("from", pattern_.from);
        const std::int64_t last = all ? listing_.ranks - 1 : first;
        if (first < 0 || last >= listing_.ranks) {
            fail("from", fmt::format("step {}: rank {} of {}", step, first, listing_.ranks));
        }
        for (std::int64_t rank = first; rank <= last && !failed_; ++rank) {
            set_names(step, rank, 0);
            if (value("where", pattern_.where) == 0 || failed_) {
                continue;
            }
            const std::int64_t repeats = value("repeat", pattern_.repeat);
            for (std::int64_t number = 0; number < repeats && !failed_; ++number) {
                set_names(step, rank, number);
                add_transfer(step, rank);
            }
        }
    }

    void add_transfer(std::int64_t step, std::int64_t rank) {
        const std::int64_t to = value("to", pattern_.to);
        const std::int64_t chunk = value("chunk", pattern_.chunk);
        const std::int64_t count = value("count", pattern_.count);
        if (failed_) {
            return;
        }
        if (to < 0 || to >= listing_.ranks || to == rank) {
            return fail("to", fmt::format("step {}: rank {} sends to rank {}, expected another of 0 to {}", step, rank,
                                          to, listing_.ranks - 1));
        }
        if (chunk < 0 || chunk >= listing_.chunks || count < 1 || count > listing_.chunks) {
            return fail("chunk",
                        fmt::format("step {}: rank {} sends {} chunks from {} on, expected 1 to {} from 0 to {}", step,
                                    rank, count, chunk, listing_.chunks, listing_.chunks - 1));
        }
        if (listing_.transfers.size() == kTransfersMax) {
            return fail("steps", fmt::format("more than {} transfers", kTransfersMax));
        }
        listing_.transfers.push_back(
            {static_cast<int>(step), static_cast<int>(rank), {static_cast<int>(to), chunk, count, pattern_.reduce}});
    }

    Section& section_;
    ScheduleListing& listing_;
    Pattern pattern_;
    FormulaNames names_{{"n", listing_.ranks}, {"c", listing_.chunks}};
    bool failed_ = false;
};

}  // namespace

ScheduleListing read_schedule(Section s) {
    ScheduleListing listing;
    listing.name = s.get<std::string>("name");
    listing.op = s.enumeration("op", kCollectiveOpWords);
    listing.ranks = s.get<int>("ranks");
    listing.root = s.get<int>("root");
    listing.chunks = s.get<std::int64_t>("chunks");
    bool good = true;
    if (listing.root >= listing.ranks || (listing.root != 0 && !has_root(listing.op))) {
        s.error("root",
                fmt::format("rank {} is no root of {} of {} ranks", listing.root, name_of(listing.op), listing.ranks));
        good = false;
    }
    for (Section& transfers : s.sections("transfers")) {
        good = Unrolling(transfers, listing).run() && good;
    }
    if (good) {
        const Proof proof = prove(ListedSchedule(listing), listing.op, listing.root);
        if (!proof.holds) {
            s.error("transfers",
                    fmt::format("this is no {} of {} ranks: {}", name_of(listing.op), listing.ranks, proof.violation));
        }
    }
    s.finish();
    return listing;
}

}  // namespace myriad
