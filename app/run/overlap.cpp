// A part's time is from the common start to its last card's end. Kernels of communication start first, so that they get
// their cores before the GEMM takes the rest.

#include "app/run/overlap.h"

#include "app/run/explain_kernel.h"
#include "app/run/overlap_use.h"
#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace myriad {
namespace {

Kernel gemm_kernel(const OverlapWorkload::Gemm& gemm) {
    const GemmShape& shape = gemm.shape;
    const std::int64_t element = size_of(gemm.type).count();
    Kernel kernel;
    kernel.label = "gemm";
    kernel.unit = KernelUnit::tensor;
    kernel.type = gemm.type;
    kernel.work =
        Flop{2.0 * static_cast<double>(shape.m) * static_cast<double>(shape.n) * static_cast<double>(shape.k)};
    kernel.read = Bytes{element * (shape.m * shape.k + shape.k * shape.n)};
    kernel.written = Bytes{element * shape.m * shape.n};
    kernel.shape = shape;
    return kernel;
}

// One start of some of the parts: notes when each of them ended.
class Start {
public:
    Start(Platform& platform, RankLog* log)
        : platform_(platform),
          log_(log),
          begin_(platform.agenda().now()),
          began_(platform.topology().cards.size(), begin_) {}

    void gemm(const OverlapWorkload::Gemm& gemm) {
        const Kernel kernel = gemm_kernel(gemm);
        for (std::uint32_t c = 0; c < platform_.topology().cards.size(); ++c) {
            for (std::int64_t i = 0; i < gemm.repeats; ++i) {
                platform_.card(CardId{c}).execute(kernel, expect(kGemm, CardId{c}));
            }
        }
    }
    void collective(const OverlapWorkload::Collective& collective, CommunicatorId group) {
        for (std::uint32_t c = 0; c < platform_.topology().cards.size(); ++c) {
            platform_.network().collective(group, static_cast<int>(c), {collective.op, collective.size},
                                           expect(kCollective, CardId{c}));
        }
    }
    void copy(const OverlapWorkload::Copy& copy) {
        platform_.copy({copy.from, copy.to, copy.size, copy.read}, expect(kCopy, copy.to));
    }

    // Runs to the end. Times of the parts in the order of OverlapReport::parts.
    void run() {
        platform_.run();
        if (unfinished_ != 0) {
            std::vector<std::string> held;
            platform_.check_laws(held);  // names what is stuck
            throw LawError("every operation issued has finished", "overlap",
                           std::to_string(unfinished_) + " operations have not finished");
        }
    }
    [[nodiscard]] Picoseconds time(OverlapPart part) const { return ended_[part] - begin_; }
    [[nodiscard]] Picoseconds last() const { return *std::max_element(std::begin(ended_), std::end(ended_)) - begin_; }

private:
    Completion expect(OverlapPart part, CardId card) {
        ++unfinished_;
        return {&Start::note, this, part | std::uint64_t{index(card)} << kPartBits};
    }
    static void note(void* self, std::uint64_t part_and_card) {
        auto& start = *static_cast<Start*>(self);
        const std::uint64_t part = part_and_card & ((1u << kPartBits) - 1);
        if (start.log_ != nullptr) {
            start.draw(static_cast<OverlapPart>(part), CardId{static_cast<std::uint32_t>(part_and_card >> kPartBits)});
        }
        --start.unfinished_;
        start.ended_[part] = start.platform_.agenda().now();
    }

    // Kernels of a card run one after the other.
    void draw(OverlapPart part, CardId card) {
        static constexpr const char* kLanes[] = {"collective", "copy", "kernels"};
        static constexpr std::string_view kLabels[] = {"collective", "copy", "gemm"};
        static constexpr std::string_view kKinds[] = {"collective", "message", "compute"};
        Slice slice;
        slice.begin = part == kGemm ? began_[index(card)] : begin_;
        slice.end = platform_.agenda().now();
        slice.label = kLabels[part];
        slice.kind = kKinds[part];
        log_->add_of_card(card, kLanes[part], slice);
        if (part == kGemm) {
            began_[index(card)] = slice.end;
        }
    }

    static constexpr unsigned kPartBits = 8;
    Platform& platform_;
    RankLog* log_;
    TimePoint begin_;
    std::vector<TimePoint> began_;  // by card: the kernel that runs
    TimePoint ended_[kOverlapParts]{};
    std::int64_t unfinished_ = 0;
};

std::string gemm_text(const OverlapWorkload::Gemm& gemm) {
    const std::string times = gemm.repeats > 1 ? fmt::format("{} x ", gemm.repeats) : "";
    return fmt::format("{}{} {} x {} x {}", times, name_of(gemm.type), gemm.shape.m, gemm.shape.n, gemm.shape.k);
}

void start_part(Start& start, OverlapPart part, const OverlapWorkload& workload, CommunicatorId group) {
    switch (part) {
        case kCollective:
            start.collective(*workload.collective, group);
            break;
        case kCopy:
            start.copy(*workload.copy);
            break;
        case kGemm:
            start.gemm(*workload.gemm);
            break;
    }
}

// At roofline level a kernel is launched, at the others it also starts and ends. Messages need no kernel.
Picoseconds launch_of(OverlapPart part, const OverlapWorkload& workload, const ChipConfig& chip, bool tile, bool live) {
    const Picoseconds kernel =
        chip.launch_latency + (tile || live ? chip.tile.kernel_start + chip.tile.kernel_end : Picoseconds{0});
    if (part == kGemm) {
        return kernel * workload.gemm->repeats;
    }
    return live ? kernel : Picoseconds{0};
}

}  // namespace

OverlapReport run_overlap(Platform& platform, const OverlapWorkload& workload, const ChipConfig& chip,
                          KernelTable* kernels, RankLog* log) {
    OverlapReport report;
    CommunicatorId group{};
    if (workload.collective) {
        CommunicatorSpec world{"world", "world", {}, workload.collective->algorithm, {}};
        for (std::uint32_t c = 0; c < platform.topology().cards.size(); ++c) {
            world.cards.push_back(CardId{c});
        }
        group = platform.network().create_communicator(std::move(world));
        report.parts.push_back({kCollective, std::string(name_of(workload.collective->op)), workload.collective->size});
    }
    if (workload.copy) {
        const OverlapWorkload::Copy& copy = *workload.copy;
        report.parts.push_back(
            {kCopy, fmt::format("copy {} to {}, {}", index(copy.from), index(copy.to), copy.read ? "read" : "write"),
             copy.size});
    }
    if (workload.gemm) {
        report.parts.push_back({kGemm, gemm_text(*workload.gemm), Bytes{}});
    }
    const bool several = report.parts.size() > 1;
    for (std::size_t i = 0; several && i < report.parts.size(); ++i) {
        OverlapRow& row = report.parts[i];
        const OverlapMeter meter(platform);
        Start start(platform, log);
        start_part(start, row.part, workload, group);
        start.run();
        row.alone = start.time(row.part);
        row.use = meter.use(row.alone);
    }
    const OverlapMeter meter(platform);
    Start start(platform, log);
    for (const OverlapRow& row : report.parts) {
        start_part(start, row.part, workload, group);
    }
    start.run();
    for (OverlapRow& row : report.parts) {
        row.together = start.time(row.part);
    }
    report.together = start.last();
    report.use = meter.use(report.together);
    const bool live = report.use.live.has_value();
    for (OverlapRow& row : report.parts) {
        if (!several) {
            row.alone = row.together;
            row.use = report.use;
        }
        row.launch = launch_of(row.part, workload, chip, kernels != nullptr, live);
        report.alone_sum += row.alone;
    }
    if (kernels != nullptr && workload.gemm) {
        const Kernel kernel = gemm_kernel(*workload.gemm);
        report.kernel = kernels->result(kernel);
        report.why = explain(chip, kernel, *report.kernel);
    }
    return report;
}

}  // namespace myriad
