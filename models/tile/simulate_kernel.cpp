// One kernel on a private agenda. Tiles are dispatched in order: first one to every core, then a second to each where it
// holds more, later ones to the core that has finished one. A second pass (split-K, split keys) begins when the first
// has finished everywhere, after pass_gap. The body ends when the last store has left its
// core; writes on their way to HBM then overlap with the next kernel, as far as the next start covers them.

#include "models/tile/simulate_kernel.h"

#include "models/tile/card_memory.h"
#include "models/tile/make_program.h"
#include "models/tile/tile_core.h"
#include "sim/error/error.h"

#include <algorithm>
#include <memory>

namespace myriad {
namespace {

class Dispatcher final : public TileSource {
public:
    explicit Dispatcher(const TileProgram& program) : program_(program) {}

    void open_pass(std::int64_t pass) {
        next_ = program_.pass_begin(pass);
        last_ = program_.pass_begin(pass + 1);
    }
    bool next(std::int64_t /*core*/, std::int64_t& tile) override {
        if (next_ == last_) {
            return false;
        }
        tile = next_++;
        return true;
    }
    void finished(std::int64_t /*core*/, std::int64_t /*tile*/, TimePoint now) override {
        ++done_;
        ended_ = now;
    }
    [[nodiscard]] std::int64_t done() const noexcept { return done_; }
    [[nodiscard]] TimePoint ended() const noexcept { return ended_; }

private:
    const TileProgram& program_;
    std::int64_t next_ = 0;
    std::int64_t last_ = 0;
    std::int64_t done_ = 0;
    TimePoint ended_{};
};

// Wakes the run at the start of a pass.
class PassStarter final : public AgendaClient {
public:
    PassStarter(std::vector<std::unique_ptr<TileCore>>& cores, std::int64_t rounds) : cores_(cores), rounds_(rounds) {}
    void on_agenda(const AgendaRecord& /*record*/) override {
        for (std::int64_t round = 0; round < rounds_; ++round) {
            for (const auto& core : cores_) {
                core->offer();
            }
        }
    }

private:
    std::vector<std::unique_ptr<TileCore>>& cores_;
    std::int64_t rounds_;
};

double share(Picoseconds part, double count, Picoseconds whole) {
    return whole.count() > 0 ? seconds(part) / count / seconds(whole) : 0.0;
}

KernelLimit limit_of(const KernelResult& result) {
    constexpr double kBusy = 0.5;
    if (result.body < result.launch) {
        return KernelLimit::launch;
    }
    const std::pair<double, KernelLimit> shares[] = {{result.tensor_busy, KernelLimit::tensor},
                                                     {result.vector_busy, KernelLimit::vector},
                                                     {result.hbm_busy + result.refresh, KernelLimit::hbm},
                                                     {result.cache_busy, KernelLimit::cache},
                                                     {result.port_busy, KernelLimit::core_port}};
    const auto* most = std::max_element(std::begin(shares), std::end(shares),
                                        [](const auto& a, const auto& b) { return a.first < b.first; });
    return most->first < kBusy ? KernelLimit::latency : most->second;
}

}  // namespace

std::string_view name_of(KernelLimit limit) {
    switch (limit) {
        case KernelLimit::tensor:
            return "tensor";
        case KernelLimit::vector:
            return "vector";
        case KernelLimit::hbm:
            return "hbm";
        case KernelLimit::cache:
            return "cache";
        case KernelLimit::core_port:
            return "core_port";
        case KernelLimit::launch:
            return "launch";
        case KernelLimit::latency:
            return "latency";
    }
    MYRIAD_CHECK(false, "no such limit");
}

KernelResult simulate_kernel(const ChipConfig& chip, const Kernel& kernel, const SimulationOptions& options) {
    const std::unique_ptr<TileProgram> program = make_program(chip, kernel, options.steps_per_tile);
    const TileConfig& config = chip.tile;
    Agenda agenda;
    CardMemory memory(chip);
    memory.trace(options.trace);
    Dispatcher dispatcher(*program);
    std::vector<std::unique_ptr<TileCore>> cores;
    const TileCore::Timing timing =
        program->persistent() ? TileCore::Timing{} : TileCore::Timing{program->tile_start(config), config.tile_end};
    for (std::int64_t c = 0; c < program->cores(); ++c) {
        cores.push_back(std::make_unique<TileCore>(agenda, ComponentId{static_cast<std::uint32_t>(c)}, c, memory));
        cores.back()->trace(options.trace);
        cores.back()->begin(*program, dispatcher, timing);
    }
    PassStarter starter(cores, program->tiles_per_core());
    const ComponentId starter_id{static_cast<std::uint32_t>(cores.size())};
    agenda.enroll(starter_id, starter);
    const Picoseconds gap = config.kernel_end + config.kernel_start;
    TimePoint begin{};
    for (std::int64_t pass = 0; pass < program->passes(); ++pass) {
        dispatcher.open_pass(pass);
        agenda.schedule(begin, Phase::deliver, starter_id, starter_id, 0);
        agenda.run();
        begin = dispatcher.ended() + config.pass_gap;
    }
    MYRIAD_CHECK(dispatcher.done() == program->tiles(), "every tile of a kernel is done once");

    KernelResult result;
    const Picoseconds unseen = chip.launch_latency + gap;  // of the next kernel's start
    const Picoseconds settled = memory.settled().time_since_epoch();
    result.body = std::max(dispatcher.ended().time_since_epoch(), settled - unseen);
    result.launch = chip.launch_latency * kernel.launches + gap;
    result.total = result.launch + result.body;
    result.work = kernel.work;
    result.hbm_read = memory.stats().hbm_read;
    result.hbm_written = memory.stats().hbm_written;
    result.cache_read = memory.stats().cache_read;
    result.cache_hit = memory.stats().cache_hit;
    result.tiles = program->tiles();
    result.plan = program->plan();
    result.waves =
        static_cast<double>(program->pass_begin(1)) / static_cast<double>(program->cores() * program->tiles_per_core());
    Picoseconds tensor{};
    Picoseconds vector{};
    for (const auto& core : cores) {
        tensor += core->stats().tensor;
        vector += core->stats().vector;
        result.cores += core->stats().tiles > 0 ? 1 : 0;
    }
    const auto count = static_cast<double>(cores.size());
    result.tensor_busy = share(tensor, count, result.body);
    result.vector_busy = share(vector, count, result.body);
    result.port_busy = share(memory.stats().port_busy, count, result.body);
    result.cache_busy = share(memory.stats().cache_busy, 1.0, result.body);
    const PseudoChannelTrains::Stats channel = memory.channel().stats();
    result.hbm_busy = share(channel.busy, 1.0, result.body);
    result.refresh = share(channel.refresh, 1.0, result.body);
    result.row_hit_rate =
        channel.bursts > 0 ? static_cast<double>(channel.row_hits) / static_cast<double>(channel.bursts) : 0.0;
    result.limit = limit_of(result);
    result.events = agenda.delivered();
    return result;
}

}  // namespace myriad
