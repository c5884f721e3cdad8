// Comma-separated tables. Numbers are integers in the unit that their column names, ratios the shortest decimal that
// reads back to the same double.

#include "app/result/csv.h"

#include "app/result/words.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <iterator>

namespace myriad {
namespace {

double share_of(Picoseconds part, Picoseconds whole) {
    return whole.count() > 0 ? static_cast<double>(part.count()) / static_cast<double>(whole.count()) : 0.0;
}

// What is neither compute nor optimizer is waiting, and no operator stands for it.
constexpr SpanKind kWaiting[] = {SpanKind::tensor, SpanKind::context, SpanKind::expert, SpanKind::pipeline,
                                 SpanKind::data,   SpanKind::model,   SpanKind::bubble};

// With what limits each operator, where the card level knows it.
std::string training_csv(const TrainingReport& training) {
    const TrainingResult& result = training.result;
    const bool limits = !training.limits.empty();
    std::string out = std::string("name,kind,mean_per_card_ps,total_ps,share") + (limits ? ",limit\n" : "\n");
    const auto add = [&](std::string_view name, SpanKind kind, Picoseconds mean, Picoseconds total) {
        out += fmt::format("{},{},{},{},{}", csv_cell(name), name_of(kind), mean.count(), total.count(),
                           exact_text(share_of(mean, result.step_time)));
        if (limits) {
            const OperatorLimit* limit = limit_of(training, name);
            out += ',' + std::string(limit == nullptr ? "" : name_of(limit->limit));
        }
        out += '\n';
    };
    for (const OperatorTime& op : result.operators) {
        add(op.label, op.kind, op.mean_per_card, op.total);
    }
    for (const SpanKind kind : kWaiting) {
        const Picoseconds mean = result.of(kind).mean;
        const bool always = kind != SpanKind::context && kind != SpanKind::expert;  // these not every model has
        if (!always && mean.count() == 0) {
            continue;
        }
        add(name_of(kind), kind, mean, mean * result.cards);
    }
    return out;
}

// Operators with what binds them, then waiting.
std::string inference_csv(const InferenceReport& inference) {
    const InferenceResult& result = inference.result;
    std::string out = "name,kind,mean_per_card_ps,total_ps,share,binds\n";
    for (const OperatorTime& op : result.operators) {
        const OperatorBind* bind = bind_of(inference, op.label);
        out += fmt::format("{},{},{},{},{},{}\n", csv_cell(op.label), name_of(op.kind), op.mean_per_card.count(),
                           op.total.count(), exact_text(share_of(op.mean_per_card, result.step_time)),
                           bind == nullptr ? "" : name_of(bind->most()));
    }
    for (const SpanKind kind : {SpanKind::tensor, SpanKind::expert, SpanKind::pipeline, SpanKind::bubble}) {
        const Picoseconds mean = result.of(kind).mean;
        out += fmt::format("{},{},{},{},{},\n", name_of(kind), name_of(kind), mean.count(),
                           (mean * result.cards).count(), exact_text(share_of(mean, result.step_time)));
    }
    return out;
}

std::string collectives_csv(const std::vector<CollectiveRow>& rows) {
    std::string out = "operation,size_B,ranks,time_ps,lower_bound_ps,algbw_B_per_s,busbw_B_per_s,algorithm,protocol\n";
    for (const CollectiveRow& row : rows) {
        const bool known = row.algorithm != CollectiveAlgorithm::automatic;
        out += fmt::format("{},{},{},{},{},{},{},{},{}\n", name_of(row.op), row.size.count(), row.ranks,
                           row.time.count(), row.lower_bound.count(), exact_text(row.algbw), exact_text(row.busbw),
                           known ? name_of(row.algorithm) : "", row.protocol);
    }
    return out;
}

}  // namespace

std::string csv_cell(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        return std::string(text);
    }
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c;
        if (c == '"') {
            quoted += c;
        }
    }
    return quoted + '"';
}

std::string links_csv(const RunReport& report) {
    const bool flow = report.fidelity.queueing.control.modelled;
    std::string out = "from,to,class,bandwidth_B_per_s,bytes,packets,busy_ps,utilisation,longest_wait_ps";
    out += flow ? ",credit_stalls,credit_stalled_ps,pauses,paused_ps,marks,retries,buffer_max_bytes" : "";
    const bool losses = !report.links.empty() && report.links.front().use.losses;  // of all links or none
    out += losses ? ",lost_packets,lost_bytes\n" : "\n";
    for (const LinkRow& link : report.links) {
        fmt::format_to(std::back_inserter(out), "{},{},{},{},{},{},{},{},{}", csv_cell(link.from), csv_cell(link.to),
                       csv_cell(link.link_class), link.bandwidth.count(), link.use.bytes.count(), link.use.packets,
                       link.use.busy.count(), exact_text(link.utilisation), link.use.backlog_max.count());
        if (flow) {
            const LinkFlowUse use = link.use.flow.value_or(LinkFlowUse{});
            fmt::format_to(std::back_inserter(out), ",{},{},{},{},{},{},{}", use.credit_stalls,
                           use.credit_stalled.count(), use.pauses, use.paused.count(), use.marks, use.retries,
                           use.buffer_max.count());
        }
        if (losses) {
            const LinkLosses lost = link.use.losses.value_or(LinkLosses{});
            fmt::format_to(std::back_inserter(out), ",{},{}", lost.packets, lost.bytes.count());
        }
        out += '\n';
    }
    return out;
}

std::string ops_csv(const RunReport& report) {
    if (report.inference) {
        return inference_csv(*report.inference);
    }
    return report.training ? training_csv(*report.training) : collectives_csv(report.collectives);
}

}  // namespace myriad
