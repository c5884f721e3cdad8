// One stack is simulated; a chip has `stacks` of them under the same traffic, so bandwidths are multiplied.

#include "app/commands/memory_report.h"

#include "app/result/aligned_table.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace myriad {
namespace {

std::string percent(double share) { return fmt::format("{:.1f} %", share * 100.0); }

struct NamedShare {
    const char* name;
    double share;
    const char* meaning;
};

std::array<NamedShare, 5> losses(const TrafficResult::Shares& shares) {
    return {{{"refresh", shares.refresh, "banks are refreshed, closed before and opened after"},
             {"turnaround", shares.turnaround, "between reads and writes"},
             {"row", shares.row, "a row is opened, after another was closed"},
             {"bank group", shares.group, "bursts of one bank group, or the column bus is taken"},
             {"no request", shares.no_request, "nothing waits for this pseudo channel"}}};
}

std::string mix_text(const PatternConfig& pattern) {
    if (pattern.writes == 0) {
        return "reads";
    }
    return pattern.reads == 0 ? "writes"
                              : fmt::format("{} read{} to {} write{}", pattern.reads, pattern.reads == 1 ? "" : "s",
                                            pattern.writes, pattern.writes == 1 ? "" : "s");
}

std::string setup_text(const MemorySetup& setup) {
    const HbmOrganisation& o = setup.preset.organisation;
    const double gigabits = static_cast<double>(setup.preset.clock.count()) * o.transfers_per_clock * 1e-9;
    return fmt::format("{}: {} stack{} of {} at {:.4g} Gb/s, {} peak, {} channels x {} pseudo channels each\n",
                       setup.name, setup.stacks, setup.stacks == 1 ? "" : "s", setup.preset.name, gigabits,
                       human_text(setup.preset.stack_peak() * setup.stacks), o.channels, o.pseudo_channels);
}

nlohmann::json pattern_json(const MemorySetup& setup, const MeasuredPattern& measured) {
    const TrafficResult& r = measured.result;
    nlohmann::json out{
        {"pattern", measured.name},
        {"reads", measured.traffic.pattern.reads},
        {"writes", measured.traffic.pattern.writes},
        {"step_bytes", measured.traffic.pattern.step.count()},
        {"bandwidth_bytes_per_s", r.bandwidth.count() * setup.stacks},
        {"of_peak", r.of_peak},
        {"row_hit_rate", r.row_hit_rate},
        {"row_bus", r.row_bus},
        {"pseudo_channels_used", r.pseudo_channels_used},
        {"bound", bound_of(measured.traffic, r)},
        {"latency_ps",
         {{"mean", r.mean_latency.count()}, {"p50", r.median_latency.count()}, {"p99", r.p99_latency.count()}}},
        {"shares", {{"data", r.shares.data}}}};
    for (const NamedShare& loss : losses(r.shares)) {
        std::string key = loss.name;
        std::replace(key.begin(), key.end(), ' ', '_');
        out["shares"][key] = loss.share;
    }
    if (measured.traffic.load) {
        out["load"] = *measured.traffic.load;
    } else {
        out["outstanding_requests"] = measured.traffic.outstanding;
    }
    return out;
}

}  // namespace

std::string bound_of(const TrafficConfig& traffic, const TrafficResult& result) {
    if (traffic.load && result.of_peak > 0.99 * *traffic.load) {
        return "the offered load";
    }
    if (result.pseudo_channels_used < result.pseudo_channels) {
        return fmt::format("the address map: {} of {} pseudo channels used", result.pseudo_channels_used,
                           result.pseudo_channels);
    }
    const auto all = losses(result.shares);
    const auto largest = std::max_element(all.begin(), all.end(),
                                          [](const NamedShare& a, const NamedShare& b) { return a.share < b.share; });
    // While banks are refreshed the row bus has nothing to carry.
    if (result.row_bus > 0.95 * (1.0 - result.shares.refresh)) {
        return "the row command bus";
    }
    return std::string(largest->name) == "no request" ? "outstanding requests" : largest->name;
}

std::string memory_text(const MemorySetup& setup, const MeasuredPattern& measured) {
    const TrafficResult& r = measured.result;
    const TrafficConfig& traffic = measured.traffic;
    std::string text = setup_text(setup);
    text += traffic.load
                ? fmt::format("pattern {}: {}, offered at {} of the peak\n", measured.name, mix_text(traffic.pattern),
                              percent(*traffic.load))
                : fmt::format("pattern {}: {}, {} request{} of 64 B outstanding in a stack\n", measured.name,
                              mix_text(traffic.pattern), traffic.outstanding, traffic.outstanding == 1 ? "" : "s");
    text +=
        fmt::format("\nbandwidth  {}, {} of the peak\n", human_text(r.bandwidth * setup.stacks), percent(r.of_peak));
    text += fmt::format("bound      {}\n", bound_of(traffic, r));
    text += fmt::format("latency    {} mean, {} median, {} p99, of a {} of {} B\n", human_text(r.mean_latency),
                        human_text(r.median_latency), human_text(r.p99_latency),
                        traffic.pattern.reads == 0 ? "write" : "read", setup.preset.organisation.burst().count());
    text += fmt::format("row hits   {} of the bursts\n", percent(r.row_hit_rate));
    text += fmt::format("row bus    {} taken\n\n", percent(r.row_bus));
    AlignedTable shares({{"data buses", Align::left}, {"share", Align::right}, {"", Align::left}});
    shares.add({"data", percent(r.shares.data), ""});
    for (const NamedShare& loss : losses(r.shares)) {
        shares.add({loss.name, percent(loss.share), loss.meaning});
    }
    return text + shares.text(0);
}

std::string memory_table(const MemorySetup& setup, const std::vector<MeasuredPattern>& measured) {
    AlignedTable table({{"pattern", Align::left},
                        {"bandwidth"},
                        {"of peak"},
                        {"row hits"},
                        {"refresh"},
                        {"turnaround"},
                        {"row"},
                        {"group"},
                        {"no request"},
                        {"bound", Align::left}});
    for (const MeasuredPattern& one : measured) {
        const TrafficResult& r = one.result;
        table.add({one.name, human_text(r.bandwidth * setup.stacks), percent(r.of_peak), percent(r.row_hit_rate),
                   percent(r.shares.refresh), percent(r.shares.turnaround), percent(r.shares.row),
                   percent(r.shares.group), percent(r.shares.no_request), bound_of(one.traffic, r)});
    }
    return setup_text(setup) + "\n" + table.text(0);
}

std::string memory_json(const MemorySetup& setup, const std::vector<MeasuredPattern>& measured) {
    nlohmann::json out{{"memory", setup.name},
                       {"preset", setup.preset.name},
                       {"stacks", setup.stacks},
                       {"clock_hz", setup.preset.clock.count()},
                       {"peak_bytes_per_s", setup.preset.stack_peak().count() * setup.stacks},
                       {"patterns", nlohmann::json::array()}};
    for (const MeasuredPattern& one : measured) {
        out["patterns"].push_back(pattern_json(setup, one));
    }
    return out.dump(2) + "\n";
}

}  // namespace myriad
