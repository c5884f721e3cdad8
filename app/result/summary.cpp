// The summary: what was run, what came out, what the network did, and what it all rests on. Long lists are cut; the
// whole ones are in result.json and links.csv.

#include "app/result/summary.h"

#include "app/result/aligned_table.h"
#include "app/result/explanation_text.h"
#include "app/result/inference_summary.h"
#include "app/result/nccl_table.h"
#include "app/result/overlap_summary.h"
#include "app/result/traffic_summary.h"
#include "app/result/training_summary.h"
#include "app/result/words.h"
#include "sim/units/quantity_text.h"

#include <fmt/core.h>

#include <algorithm>

namespace myriad {
namespace {

constexpr std::size_t kLinksShown = 5;
constexpr std::size_t kAssumptionsShown = 10;
constexpr std::size_t kAlgorithmsShown = 12;
constexpr std::size_t kReasonsShown = 3;

std::string line(const std::string& label, const std::string& text) {
    return paragraph(label, text, kSummaryIndent, kSummaryWidth);
}

// Said where it is not the default.
std::string queueing_text(const QueueingConfig& queueing) {
    std::string text;
    if (queueing.arbitration != Arbitration::fifo) {
        text += fmt::format(", {} arbitration", name_of(queueing.arbitration));
    }
    return text + (queueing.control.modelled ? ", bounded buffers" : "");
}

std::string head_text(const RunReport& report) {
    std::string out = paragraph("", report.title.empty() ? report.name : report.title, 0, kSummaryWidth) + '\n';
    out += line("cluster",
                fmt::format("{}, {} {}", report.cluster, grouped(report.cards), report.cards == 1 ? "card" : "cards"));
    constexpr std::size_t kChangesShown = 10;
    for (std::size_t i = 0; i < std::min(kChangesShown, report.changes.size()); ++i) {
        out += line(i == 0 ? "not as built" : "", report.changes[i]);
    }
    if (report.changes.size() > kChangesShown) {
        out += line("", fmt::format("{} more in result.json", report.changes.size() - kChangesShown));
    }
    if (report.placement.order != PlacementOrder::packed) {
        out += line("placement", placement_text(report.placement));
    }
    if (report.training) {
        out += line("plan", plan_line(*report.training));
    }
    if (report.inference) {
        out += line("step", plan_line(*report.inference));
    }
    std::string network = fmt::format("network {}", name_of(report.fidelity.network));
    if (report.fidelity.network == NetworkLevel::packet) {
        network +=
            fmt::format(" (cells of {}{})", human_text(report.fidelity.cell), queueing_text(report.fidelity.queueing));
    }
    // Said where it is not the level's own choice.
    const bool tile = report.fidelity.card == CardLevel::tile;
    const std::string interference = report.fidelity.interference == tile ? ""
                                     : tile                               ? " without interference"
                                                                          : " with interference";
    out += line("fidelity", fmt::format("{}, card {}{}", network, name_of(report.fidelity.card), interference));
    if (report.kernels) {
        out += line("kernels", fmt::format("{} distinct ones, each simulated once and shared by all cards",
                                           grouped(*report.kernels)));
    }
    return out;
}

std::string links_text(const RunReport& report) {
    if (report.links.empty()) {
        return "";
    }
    AlignedTable table({{"from", Align::left},
                        {"to", Align::left},
                        {"class", Align::left},
                        {"per direction"},
                        {"busy"},
                        {"carried"},
                        {"longest wait"}});
    const bool packets = report.fidelity.network == NetworkLevel::packet;  // the other levels know no queues
    const std::size_t shown = std::min(kLinksShown, report.links.size());
    for (std::size_t i = 0; i < shown; ++i) {
        const LinkRow& link = report.links[i];
        table.add({link.from, link.to, link.link_class, human_text(link.bandwidth), percent(link.utilisation),
                   human_text(link.use.bytes), packets ? human_text(link.use.backlog_max) : ""});
    }
    return fmt::format("Busiest links ({} of {} that carried anything; one direction each)\n", shown,
                       grouped(static_cast<std::int64_t>(report.links.size()))) +
           table.text(2) + '\n';
}

std::string network_text(const RunReport& report) {
    const NetworkCounters& counters = report.counters;
    std::string text;
    if (report.fidelity.network == NetworkLevel::packet) {
        text = fmt::format("{} messages with {}, {} packet hops, {} SystemC modules, ", grouped(counters.messages),
                           human_text(counters.payload), grouped(counters.hops), grouped(counters.modules));
    } else if (report.fidelity.network == NetworkLevel::flow) {
        text = fmt::format("{} messages with {}, ", grouped(counters.messages), human_text(counters.payload));
    }
    text += fmt::format("{} events, {} simulated", grouped(static_cast<std::int64_t>(report.events)),
                        human_text(report.simulated));
    return line("network", text);
}

bool runs_alike(const AlgorithmGroup& a, const AlgorithmGroup& b) {
    return a.dimension == b.dimension && a.groups == b.groups && a.choice.algorithm == b.choice.algorithm &&
           a.choice.reason == b.choice.reason && a.choice.protocol == b.choice.protocol;
}

// One line for the operations of a dimension that run the same way.
std::string algorithms_text(const RunReport& report) {
    const std::vector<AlgorithmGroup> groups = algorithm_groups(report.algorithms);
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < groups.size();) {
        const AlgorithmGroup& group = groups[i];
        std::string operations;
        for (; i < groups.size() && runs_alike(groups[i], group); ++i) {
            operations += (operations.empty() ? "" : ", ") + std::string(name_of(groups[i].op));
        }
        const std::string many = group.groups > 1 ? fmt::format(" ({} groups)", grouped(group.groups)) : "";
        const std::string why =
            group.choice.reason.empty()
                ? fmt::format("{}, as the scenario says{}", name_of(group.choice.algorithm),
                              group.choice.protocol.empty() ? "" : ", with " + group.choice.protocol)
                : group.choice.reason;
        lines.push_back(fmt::format("{}{} {}: {}", group.dimension, many, operations, why));
    }
    const std::size_t shown = std::min(kAlgorithmsShown, lines.size());
    std::string out;
    for (std::size_t i = 0; i < shown; ++i) {
        out += line(i == 0 ? "algorithms" : "", lines[i]);
    }
    if (shown < lines.size()) {
        out += line("", fmt::format("{} more in result.json", lines.size() - shown));
    }
    return out;
}

std::string list_text(const std::string& label, const std::vector<std::string>& list) {
    std::string out;
    for (const std::string& item : list) {
        out += line(out.empty() ? label : "", "- " + item);
    }
    return out;
}

bool is_uncertain(const SourcedText& value) { return value.range && value.range->first != value.range->second; }

// Those with a range come first: they are what an answer may move with.
std::string assumptions_text(const RunReport& report) {
    if (report.assumed.empty()) {
        return "";
    }
    std::vector<const SourcedText*> values;
    for (const SourcedText& value : report.assumed) {
        values.push_back(&value);
    }
    const auto certain =
        std::stable_partition(values.begin(), values.end(), [](const SourcedText* v) { return is_uncertain(*v); });
    std::string out =
        '\n' + line("assumptions", fmt::format("{} values of the input are assumed, {} of them within a range",
                                               values.size(), certain - values.begin()));
    const std::size_t shown = std::min(kAssumptionsShown, values.size());
    AlignedTable table({{"value", Align::left}, {"is"}, {"range", Align::left}});
    for (std::size_t i = 0; i < shown; ++i) {
        const SourcedText& value = *values[i];
        table.add({value.path, value.value,
                   is_uncertain(value) ? fmt::format("{} to {}", value.range->first, value.range->second) : ""});
    }
    out += table.text(2);
    if (shown < values.size()) {
        out += fmt::format("  {} more in result.json\n", values.size() - shown);
    }
    return out;
}

std::string basis_text(const RunReport& report) {
    std::string out = network_text(report) + algorithms_text(report);
    std::string laws = fmt::format("{} held: ", report.laws.size());
    for (const std::string& law : report.laws) {
        laws += law + (&law == &report.laws.back() ? "" : "; ");
    }
    out += line("laws", laws);
    out += assumptions_text(report);
    return out + '\n' + list_text("not modelled", report.not_modelled);
}

}  // namespace

std::string summary_text(const RunReport& report) {
    std::string out = head_text(report);
    if (report.training) {
        out += training_text(*report.training) + '\n';
        out += explanation_lines(*report.training, kReasonsShown);
    }
    if (report.inference) {
        out += inference_text(*report.inference) + '\n';
    }
    if (report.overlap) {
        out += '\n' + overlap_text(*report.overlap) + '\n';
    }
    if (report.traffic) {
        out += '\n' + traffic_text(*report.traffic) + '\n';
    }
    if (report.iteration) {
        out += '\n' + iteration_text(*report.iteration) + '\n';
    }
    if (!report.collectives.empty()) {
        out += '\n' + nccl_table(report.collectives, {.lower_bound = true, .algorithm = ""}) + '\n';
    }
    return out + links_text(report) + basis_text(report);
}

}  // namespace myriad
