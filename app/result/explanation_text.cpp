// Shares are of the step. The body of a kernel counts to what bounds it, its launches to launches, so the shares of the
// path's lines add up to the step; bubbles lie beside the path and hidden communication beside kernels.

#include "app/result/explanation_text.h"

#include "app/result/aligned_table.h"
#include "app/result/training_summary.h"
#include "app/result/words.h"
#include "sim/error/error.h"
#include "sim/units/quantity_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace myriad {
namespace {

constexpr std::size_t kKernelsNamed = 3;
constexpr double kWorthSaying = 0.0005;  // of the step: what rounds to 0.1 %
constexpr std::size_t kKernelsShown = 10;
constexpr double kBarWidth = 40.0;

double share(Picoseconds part, const Explanation& explanation) {
    return explanation.step.count() > 0 ? seconds(part) / seconds(explanation.step) : 0.0;
}

std::string_view word_of(LinkTier tier) {
    constexpr std::array<std::string_view, kLinkTiers> kWords{"", "ICN", "PCIe", "NICs", "the fabric"};
    return kWords[static_cast<std::size_t>(tier)];
}

std::string word_of(PathCategory category) {
    switch (category) {
        case PathCategory::compute:
            return "kernels";
        case PathCategory::matrix:
            return "matrix units";
        case PathCategory::vector:
            return "vector lanes";
        case PathCategory::hbm:
            return "HBM";
        case PathCategory::on_chip:
            return "inside the chip";
        case PathCategory::network:
            return "network";
        case PathCategory::late:
            return "late peers";
        case PathCategory::idle:
            return "idle";
    }
    MYRIAD_CHECK(false, "a category without a word");
}

Change change_of(LinkTier tier) {
    switch (tier) {
        case LinkTier::icn:
            return Change::icn;
        case LinkTier::pcie:
            return Change::pcie;
        case LinkTier::nic:
            return Change::nic;
        case LinkTier::none:
        case LinkTier::fabric:
            break;
    }
    return Change::fabric;
}

class Words {
public:
    explicit Words(const Explanation& explanation) : explanation_(explanation) {}

    std::vector<std::string> lines() {
        Picoseconds launches{0};
        for (const PathShare& part : explanation_.path) {
            if (part.category < PathCategory::network) {
                launches += part.fixed;
                add_kernels(part);
            } else if (part.category == PathCategory::network) {
                add_network(part);
            } else {
                add_unknown(part);
            }
        }
        add(launches,
            fmt::format("{} of the step are launches of kernels{}", percent_of(launches), advice(Change::launch)));
        add_bubble();
        std::stable_sort(lines_.begin(), lines_.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
        add_hidden();
        std::vector<std::string> texts;
        for (auto& [time, text] : lines_) {
            texts.push_back(std::move(text));
        }
        return texts;
    }

private:
    [[nodiscard]] std::string percent_of(Picoseconds time) const { return percent(share(time, explanation_)); }

    void add(Picoseconds time, std::string text) {
        if (share(time, explanation_) >= kWorthSaying) {
            lines_.emplace_back(time, std::move(text));
        }
    }

    // ": twice the NIC bandwidth would save at most 23.0 %"; nothing where no bound was computed.
    [[nodiscard]] std::string advice(Change change) const {
        const auto found = std::find_if(explanation_.bounds.begin(), explanation_.bounds.end(),
                                        [&](const Bound& bound) { return bound.change == change; });
        if (found == explanation_.bounds.end()) {
            return "";
        }
        std::string text =
            fmt::format(": {} would save at most {}", words_of(change), percent_of(found->saves_at_most));
        if (share(found->slower_elsewhere, explanation_) >= kWorthSaying) {
            text += fmt::format(", of that {} in groups that other links hold up more",
                                percent_of(found->slower_elsewhere));
        }
        if (share(found->unknown, explanation_) >= kWorthSaying) {
            text += fmt::format(", of that {} because it is not known what late peers did", percent_of(found->unknown));
        }
        return text;
    }

    void add_kernels(const PathShare& part) {
        std::string names;
        std::size_t named = 0;
        for (const PathOperator& op : explanation_.operators) {
            if (op.category == part.category && named < kKernelsNamed) {
                names += fmt::format("{}{} {}", named++ > 0 ? ", " : "", op.label, percent_of(op.time));
            }
        }
        const Picoseconds body = part.time - part.fixed;
        const std::string head = percent_of(body) + " of the step ";
        switch (part.category) {
            case PathCategory::matrix:
                return add(body, fmt::format("{}is kernels paced by the matrix units ({}){}", head, names,
                                             advice(Change::matrix)));
            case PathCategory::vector:
                return add(body, fmt::format("{}is kernels paced by the vector lanes ({}){}", head, names,
                                             advice(Change::vector)));
            case PathCategory::hbm:
                return add(body, fmt::format("{}is kernels paced by HBM ({}){}", head, names, advice(Change::hbm)));
            case PathCategory::on_chip:
                return add(body, fmt::format("{}is kernels held up by caches or too little work ({})", head, names));
            default:
                return add(body, fmt::format("{}is kernels of which is not known what bounds them ({})", head, names));
        }
    }

    void add_network(const PathShare& part) {
        // Bounds of links hold for all groups together: said once.
        const bool said = std::exchange(told_[static_cast<std::size_t>(part.link)], true);
        std::string text = fmt::format("{} of the step {} exposed {}", percent_of(part.time),
                                       part.group == GroupKind::none ? "are" : "is", words_of(part.group));
        if (!part.mostly.empty() && part.group != GroupKind::none) {
            text += fmt::format(" (mostly {})", part.mostly);
        }
        if (part.link != LinkTier::none) {
            text += fmt::format(" over {}{}", word_of(part.link), said ? ", too" : advice(change_of(part.link)));
        }
        add(part.time, text);
    }

    void add_unknown(const PathShare& part) {
        add(part.time, part.category == PathCategory::late
                           ? fmt::format("{} of the step waits for ranks that were not recorded ({})",
                                         percent_of(part.time), words_of(part.group))
                           : fmt::format("{} of the step nothing was recorded on the path", percent_of(part.time)));
    }

    void add_bubble() {
        add(explanation_.bubble, fmt::format("a card is in bubbles for {} of the step on average{}",
                                             percent_of(explanation_.bubble), advice(Change::bubble)));
    }

    void add_hidden() {
        for (const GroupTime& group : explanation_.groups) {
            if (group.hidden() > Picoseconds{0}) {
                add(group.hidden(),
                    fmt::format("{}: {} of {} is hidden beside kernels", words_of(group.group),
                                percent(seconds(group.hidden()) / seconds(group.busy)), human_text(group.busy)));
            }
        }
    }

    const Explanation& explanation_;
    std::vector<std::pair<Picoseconds, std::string>> lines_;
    std::array<bool, kLinkTiers> told_{};
};

std::string path_table(const Explanation& explanation) {
    AlignedTable table(
        {{"", Align::left}, {"", Align::left}, {"time"}, {"of step"}, {"launch, latency"}, {"", Align::left}});
    for (const PathShare& part : explanation.path) {
        const bool talks = part.category >= PathCategory::network && part.category != PathCategory::idle;
        std::string what = talks ? words_of(part.group) : "";
        if (part.link != LinkTier::none) {
            what += fmt::format(", {}", word_of(part.link));
        }
        const double of_step = share(part.time, explanation);
        table.add({word_of(part.category), what, human_text(part.time), percent(of_step),
                   part.fixed > Picoseconds{0} ? human_text(part.fixed) : "",
                   std::string(static_cast<std::size_t>(std::lround(of_step * kBarWidth)), '#')});
    }
    return fmt::format("Critical path ({} from rank to rank; it adds up to the step)\n",
                       explanation.hops == 1 ? "1 hop" : grouped(explanation.hops) + " hops") +
           table.text(2);
}

std::string kernels_table(const Explanation& explanation) {
    AlignedTable table({{"kernel", Align::left}, {"paced by", Align::left}, {"time"}, {"of step"}});
    const std::size_t shown = std::min(kKernelsShown, explanation.operators.size());
    for (std::size_t i = 0; i < shown; ++i) {
        const PathOperator& op = explanation.operators[i];
        table.add({op.label, word_of(op.category), human_text(op.time), percent(share(op.time, explanation))});
    }
    std::string text = "\nKernels on the path\n" + table.text(2);
    if (shown < explanation.operators.size()) {
        text += fmt::format("  {} more in result.json\n", explanation.operators.size() - shown);
    }
    return explanation.operators.empty() ? "" : text;
}

std::string bounds_table(const Explanation& explanation) {
    AlignedTable table({{"change", Align::left}, {"saves at most"}, {"of step"}, {"step at least"}, {"not known"}});
    for (const Bound& bound : explanation.bounds) {
        table.add({words_of(bound.change), human_text(bound.saves_at_most),
                   percent(share(bound.saves_at_most, explanation)), human_text(explanation.step - bound.saves_at_most),
                   bound.unknown > Picoseconds{0} ? human_text(bound.unknown) : ""});
    }
    return explanation.bounds.empty() ? ""
                                      : "\nWhat one change alone could save (bounds, not forecasts)\n" + table.text(2);
}

std::string groups_table(const Explanation& explanation) {
    AlignedTable table({{"", Align::left}, {"busy"}, {"exposed"}, {"of it late peers"}, {"hidden"}});
    for (const GroupTime& group : explanation.groups) {
        table.add({words_of(group.group), human_text(group.busy), human_text(group.exposed), human_text(group.late),
                   human_text(group.hidden())});
    }
    const auto [step, running, recorded] =
        std::tuple{grouped(explanation.ranks), grouped(explanation.running_ranks), grouped(explanation.recorded_ranks)};
    const std::string ranks = recorded != running ? fmt::format("{} of {} cards", recorded, running)
                              : running != step   ? fmt::format("the {} of {} cards that ran", running, step)
                                                  : fmt::format("{} cards", step);
    return explanation.groups.empty() ? "" : fmt::format("\nCommunication (mean over {})\n", ranks) + table.text(2);
}

}  // namespace

std::string words_of(Change change) {
    constexpr std::array<const char*, kChanges> kWords{"twice the ICN bandwidth",
                                                       "twice the PCIe bandwidth",
                                                       "twice the NIC bandwidth",
                                                       "twice the fabric's bandwidth",
                                                       "twice the HBM bandwidth",
                                                       "twice the peak of the matrix units",
                                                       "twice the peak of the vector lanes",
                                                       "launches that cost nothing",
                                                       "a pipeline without bubbles"};
    return kWords[static_cast<std::size_t>(change)];
}

std::string words_of(GroupKind group) {
    constexpr std::array<const char*, kGroupKinds> kWords{"",
                                                          "tensor-parallel",
                                                          "context-parallel",
                                                          "expert-parallel",
                                                          "expert-tensor-parallel",
                                                          "data-parallel",
                                                          "expert-data-parallel",
                                                          "model-wide",
                                                          "tied-embedding",
                                                          "expert (inside servers)",
                                                          "expert (between servers)"};
    static_assert(!std::string_view(kWords.back()).empty());
    return group == GroupKind::none ? "pipeline messages"
                                    : std::string(kWords[static_cast<std::size_t>(group)]) + " communication";
}

std::vector<std::string> explain_step(const Explanation& explanation) { return Words(explanation).lines(); }

std::string explanation_text(const Explanation& explanation) {
    std::string out;
    for (const std::string& text : explain_step(explanation)) {
        out += paragraph("-", text, 2, kSummaryWidth);
    }
    if (explanation.recorded_ranks < explanation.running_ranks) {
        out +=
            paragraph("-",
                      fmt::format("there were too many spans to keep: those of {} of {} cards tell all this, and what "
                                  "they waited for elsewhere is not known",
                                  grouped(explanation.recorded_ranks), grouped(explanation.running_ranks)),
                      2, kSummaryWidth);
    }
    return out + '\n' + path_table(explanation) + kernels_table(explanation) + bounds_table(explanation) +
           groups_table(explanation);
}

std::string explanation_lines(const TrainingReport& training, std::size_t most) {
    std::string out;
    if (!training.explanation) {
        return training.unexplained.empty()
                   ? ""
                   : paragraph("why", training.unexplained, kSummaryIndent, kSummaryWidth) + '\n';
    }
    const std::vector<std::string> lines = explain_step(*training.explanation);
    for (std::size_t i = 0; i < std::min(most, lines.size()); ++i) {
        out += paragraph(i == 0 ? "why" : "", "- " + lines[i], kSummaryIndent, kSummaryWidth);
    }
    return out.empty() ? out : out + '\n';
}

}  // namespace myriad
