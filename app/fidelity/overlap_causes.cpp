// Communication is told as a sum: launch, links and barriers have figures of their own, and what they do not explain is said
// as a rest. A kernel is told by what the two levels count alike (bytes, hits, rows) and by shares that one of them takes
// as even. A resource can be the cause of a slowdown only if it is busy for at least half of the time.

#include "app/fidelity/overlap_causes.h"

#include "app/result/words.h"
#include "sim/units/quantity_text.h"

#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace myriad {
namespace {

using Json = nlohmann::json;

struct Pair {
    Json coarse;
    Json judge;
};

constexpr double kPartOfDifference = 0.02;  // below: not worth a line
constexpr double kDiffers = 0.005;          // of counts that should be the same
constexpr double kBusy = 0.5;               // share of the time from which on a resource can hold others up

std::int64_t ps_of(const Json& json, const char* key) { return json.at(key).get<std::int64_t>(); }

std::string signed_text(std::int64_t ps) { return (ps < 0 ? "-" : "+") + human_text(Picoseconds{std::abs(ps)}); }

std::string signed_percent(double factor) { return fmt::format("{:+.1f} %", 100.0 * (factor - 1.0)); }

const Json& part_of(const Json& result, std::size_t part) { return result.at("overlap").at("parts").at(part); }

std::string level_of(const Json& result) { return result.at("fidelity").at("card").get<std::string>(); }

// Who runs what way, as one word; empty where the level ran no collective.
std::string schedule_of(const Json& result) {
    const Json& algorithms = result.at("algorithms");
    return algorithms.empty() ? "" : algorithms.front().at("algorithm").get<std::string>();
}

bool is_gemm(const Json& part) { return ps_of(part, "size_bytes") == 0; }
bool is_copy(const Json& part) { return part.at("what").get<std::string>().starts_with("copy"); }

// Terms of one difference, and what is left of it.
class Terms {
public:
    explicit Terms(std::int64_t difference) : rest_(difference), difference_(difference) {}

    // False: too small to be said.
    bool add(std::int64_t ps, const std::string& text) {
        if (!matters(ps)) {
            return false;
        }
        rest_ -= ps;
        texts_.push_back(signed_text(ps) + ' ' + text);
        return true;
    }
    void say(std::string text) { texts_.push_back(std::move(text)); }
    [[nodiscard]] std::vector<std::string> finish(const std::string& rest) {
        if (matters(rest_)) {
            texts_.push_back(signed_text(rest_) + " that no figure names" + rest);
        }
        return std::move(texts_);
    }

private:
    [[nodiscard]] bool matters(std::int64_t ps) const {
        return ps != 0 &&
               std::abs(static_cast<double>(ps)) >= kPartOfDifference * std::abs(static_cast<double>(difference_));
    }

    std::vector<std::string> texts_;
    std::int64_t rest_;
    std::int64_t difference_;
};

void add_links(const Pair& pair, std::size_t part, Terms& terms) {
    const Json& coarse = part_of(pair.coarse, part).at("use");
    const Json& judge = part_of(pair.judge, part).at("use");
    const std::int64_t busy = ps_of(judge, "busiest_link_ps");
    const std::int64_t before = ps_of(coarse, "busiest_link_ps");
    std::string why;
    if (!is_copy(part_of(pair.judge, part)) && schedule_of(pair.coarse) != schedule_of(pair.judge)) {
        why = fmt::format("; the schedules differ, {} against {}", schedule_of(pair.judge), schedule_of(pair.coarse));
    } else if (ps_of(coarse, "carried_bytes") > 0 && ps_of(coarse, "messages") < ps_of(judge, "messages")) {
        const double more =
            static_cast<double>(ps_of(judge, "carried_bytes")) / static_cast<double>(ps_of(coarse, "carried_bytes"));
        why = fmt::format("; accesses are {} messages instead of {}, requests and flags add {} to the bytes",
                          grouped(ps_of(judge, "messages")), grouped(ps_of(coarse, "messages")),
                          fmt::format("{:.2f} %", 100.0 * (more - 1.0)));
    }
    terms.add(busy - before,
              fmt::format("on links: the busiest sends for {}, {} at {}{}", human_text(Picoseconds{busy}),
                          human_text(Picoseconds{before}), level_of(pair.coarse), why));
}

std::string busiest_text(const Json& live) {
    return fmt::format("the busiest cache slice is busy {}, the busiest HBM channel {}",
                       percent(live.at("slice_busy_most").get<double>()),
                       percent(live.at("hbm_busy_most").get<double>()));
}

std::vector<std::string> communication_causes(const Pair& pair, std::size_t part) {
    const Json& coarse = part_of(pair.coarse, part);
    const Json& judge = part_of(pair.judge, part);
    Terms terms(ps_of(judge, "alone_ps") - ps_of(coarse, "alone_ps"));
    terms.add(ps_of(judge, "launch_ps") - ps_of(coarse, "launch_ps"),
              fmt::format("launch, start and end of a kernel; messages at {} need none", level_of(pair.coarse)));
    add_links(pair, part, terms);
    const Json& use = judge.at("use");
    if (!use.contains("live")) {
        return terms.finish("");
    }
    const Json& live = use.at("live");
    if (const std::int64_t barriers = ps_of(live, "barriers"); barriers > 0) {
        terms.add(ps_of(live, "barrier_wait_ps"),
                  fmt::format("in {} barriers, on the card that waited longest; {} has none", barriers,
                              level_of(pair.coarse)));
    }
    const bool memory =
        std::max(live.at("slice_busy_most").get<double>(), live.at("hbm_busy_most").get<double>()) >= kBusy;
    return terms.finish((memory ? "; " : "; not a queue at memory: ") + busiest_text(live));
}

double share(const Json& json, const char* part, const char* whole) {
    const double all = json.at(whole).get<double>();
    return all > 0.0 ? json.at(part).get<double>() / all : 0.0;
}

// What tile and live count both; the judge's sums are of all cards and of all repeats.
void add_counts(const Json& kernel, const Json& live, std::vector<std::string>& causes,
                std::vector<std::string>& alike) {
    const Json& bytes = live.at("bytes");
    const auto compare = [&](const char* what, double tile, double judge, const std::string& figures) {
        const bool same = std::abs(judge - tile) <= kDiffers * std::max(tile, 1e-12);
        (same ? alike : causes).push_back(same ? what : fmt::format("differs, cause or not: {}, {}", what, figures));
    };
    const double asked = kernel.at("cache_read_bytes").get<double>();
    const double times = asked > 0.0 ? bytes.at("cache_read_bytes").get<double>() / asked : 0.0;
    const double tile_hbm = kernel.at("hbm_read_bytes").get<double>() + kernel.at("hbm_written_bytes").get<double>();
    const double live_hbm = bytes.at("hbm_read_bytes").get<double>() + bytes.at("hbm_written_bytes").get<double>();
    if (times > 0.0 && tile_hbm > 0.0) {
        compare("HBM bytes", tile_hbm * times, live_hbm, signed_percent(live_hbm / (tile_hbm * times)) + " at live");
    }
    const double tile_hits = share(kernel, "cache_hit_bytes", "cache_read_bytes");
    const double live_hits = share(bytes, "cache_hit_bytes", "cache_read_bytes");
    compare("cache hits", tile_hits, live_hits,
            fmt::format("{} of the bytes at live, {} at tile", percent(live_hits), percent(tile_hits)));
    const double tile_rows = kernel.at("row_hits").get<double>();
    const double live_rows = live.at("row_hits").get<double>();
    compare("row hits", tile_rows, live_rows,
            fmt::format("{} of the bursts at live, {} at tile", percent(live_rows), percent(tile_rows)));
}

// Tile has even shares; where the judge's are not, the fullest part holds the whole up, if it is busy at all.
void add_shares(const Json& live, const char* mean_key, const char* most_key, const char* what,
                std::vector<std::string>& causes) {
    const double mean = live.at(mean_key).get<double>();
    const double most = live.at(most_key).get<double>();
    if (mean <= 0.0) {
        return;
    }
    const std::string figures =
        fmt::format("the busiest {} is busy {}, the mean {}", what, percent(most), percent(mean));
    if (most < kBusy) {
        causes.push_back("not for want of " + std::string(what) + "s: " + figures);
    } else if (most > (1.0 + kDiffers) * mean) {
        causes.push_back("uneven shares, which tile takes as even: " + figures);
    } else {
        causes.push_back("shares are even, as at tile: " + figures);
    }
}

std::vector<std::string> gemm_causes(const Pair& pair, std::size_t part) {
    const Json& coarse = part_of(pair.coarse, part);
    const Json& judge = part_of(pair.judge, part);
    std::vector<std::string> causes;
    const std::int64_t launch = ps_of(judge, "launch_ps") - ps_of(coarse, "launch_ps");
    const std::int64_t difference = ps_of(judge, "alone_ps") - ps_of(coarse, "alone_ps");
    if (std::abs(static_cast<double>(launch)) > kPartOfDifference * std::abs(static_cast<double>(difference))) {
        causes.push_back(signed_text(launch) + " start and end of kernels");
    }
    const std::int64_t body = ps_of(judge, "alone_ps") - ps_of(judge, "launch_ps");
    const std::int64_t before = ps_of(coarse, "alone_ps") - ps_of(coarse, "launch_ps");
    if (body != before) {
        causes.push_back(fmt::format("{} in its body: {}, {} at {}", signed_text(body - before),
                                     human_text(Picoseconds{body}), human_text(Picoseconds{before}),
                                     level_of(pair.coarse)));
    }
    const Json& overlap = pair.coarse.at("overlap");
    if (overlap.contains("kernel") && judge.at("use").contains("live")) {
        const Json& live = judge.at("use").at("live");
        std::vector<std::string> alike;
        add_counts(overlap.at("kernel"), live, causes, alike);
        add_shares(live, "slice_busy_mean", "slice_busy_most", "cache slice", causes);
        add_shares(live, "hbm_busy_mean", "hbm_busy_most", "HBM channel", causes);
        if (!alike.empty()) {
            causes.push_back(fmt::format("the same at both within {}: {}", percent(kDiffers), fmt::join(alike, ", ")));
        }
    }
    return causes;
}

Pair parsed(const OverlapPair& texts) { return {Json::parse(texts.coarse), Json::parse(texts.judge)}; }

std::vector<std::string> together_causes(const Pair& pair, std::size_t part) {
    const Json& coarse = part_of(pair.coarse, part);
    const Json& judge = part_of(pair.judge, part);
    const auto added = [](const Json& row) { return ps_of(row, "together_ps") - ps_of(row, "alone_ps"); };
    const auto slower = [](const Json& row) {
        return signed_percent(static_cast<double>(ps_of(row, "together_ps")) /
                              static_cast<double>(ps_of(row, "alone_ps")));
    };
    Terms terms(ps_of(judge, "together_ps") - ps_of(coarse, "together_ps"));
    terms.add(ps_of(judge, "alone_ps") - ps_of(coarse, "alone_ps"), "alone already");
    const std::int64_t others = added(judge) - added(coarse);
    const bool matters = terms.add(others, fmt::format("by the others: it takes {} at {}, {} at {}", slower(judge),
                                                       level_of(pair.judge), slower(coarse), level_of(pair.coarse)));
    const Json& overlap = pair.judge.at("overlap");
    const Json& use = overlap.at("use");
    if (matters && others > 0 && use.contains("live")) {
        const Json& live = use.at("live");
        const double slice = live.at("slice_busy_most").get<double>();
        const double channel = live.at("hbm_busy_most").get<double>();
        const std::string where = std::max(slice, channel) < kBusy
                                      ? "no cache slice and no HBM channel is busy for half of the time"
                                      : fmt::format("of what all parts use, {} are busiest",
                                                    slice >= channel ? "cache slices" : "HBM channels");
        terms.say(fmt::format("{}: from the common start to the last end {}", where, busiest_text(live)));
    }
    return terms.finish("");
}

}  // namespace

std::vector<std::string> causes_alone(const OverlapPair& texts, std::size_t part) {
    const Pair pair = parsed(texts);
    return is_gemm(part_of(pair.judge, part)) ? gemm_causes(pair, part) : communication_causes(pair, part);
}

std::vector<std::string> causes_together(const OverlapPair& texts, std::size_t part) {
    return together_causes(parsed(texts), part);
}

}  // namespace myriad
