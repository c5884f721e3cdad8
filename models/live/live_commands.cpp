// Time of a kernel as at tile level: launch latency and kernel start, passes with pass_gap between them (or a barrier of
// flags), the last store, kernel end. Every compute kernel has operands of its own, which nothing has in a
// cache, as at tile level.

#include "models/live/live_commands.h"

#include "models/tile/make_program.h"

#include <algorithm>

namespace myriad {
namespace {

// Of a kernel's operands, and of the part of memory that compute kernels use in turn. Buffers of communication lie above.
constexpr std::uint64_t kAlign = std::uint64_t{1} << 21;
constexpr std::uint64_t kComputeEnd = std::uint64_t{1} << 38;
constexpr std::int64_t kStepsPerTile = 64;  // as simulate_kernel

}  // namespace

class LiveCommands::Run final : public TileSource {
public:
    Run(LiveCommands& commands, std::unique_ptr<TileProgram> work, BarrierGroup barrier, Completion completion)
        : program(std::move(work)), group(std::move(barrier)), done(completion), commands_(commands) {}

    std::unique_ptr<TileProgram> program;
    BarrierGroup group;
    Completion done;
    bool compute = false;
    std::uint64_t base = 0;
    std::size_t slot = 0;
    std::vector<LiveCore*> cores;
    std::int64_t pass = -1;  // that is open; -1: before the first
    TimePoint reached{};     // the barrier that it waits at
    LiveKernelStats stats;

    void open(std::int64_t number) {
        pass = number;
        next_ = program->pass_begin(pass);
        last_ = program->pass_begin(pass + 1);
    }
    [[nodiscard]] bool pass_done() const { return done_ == last_; }
    [[nodiscard]] bool passes_left() const { return pass + 1 < program->passes(); }
    // The barrier after the open pass.
    [[nodiscard]] std::uint64_t barrier() const {
        return std::uint64_t{group.number} << 8 | static_cast<std::uint64_t>(pass + 1);
    }

    bool next(std::int64_t /*core*/, std::int64_t& tile) override {
        if (next_ == last_) {
            return false;
        }
        tile = next_++;
        return true;
    }
    void finished(std::int64_t /*core*/, std::int64_t /*tile*/, TimePoint /*now*/) override {
        ++done_;
        if (pass_done()) {
            commands_.reach(*this);
        }
    }

private:
    LiveCommands& commands_;
    std::int64_t next_ = 0;
    std::int64_t last_ = 0;
    std::int64_t done_ = 0;
};

LiveCommands::LiveCommands(const sc_core::sc_module_name& name, Agenda& agenda, ComponentId self,
                           const ChipConfig& chip, std::vector<std::unique_ptr<LiveCore>>& cores,
                           RemoteGateway& gateway)
    : sc_module(name),
      agenda_(agenda),
      self_(self),
      chip_(chip),
      cores_(cores),
      gateway_(gateway),
      held_(cores.size(), false) {
    agenda.enroll(self, *this);
    gateway.listen(*this);
}

LiveCommands::~LiveCommands() = default;

std::size_t LiveCommands::unfinished() const {
    const auto running = std::count_if(runs_.begin(), runs_.end(), [](const auto& run) { return run != nullptr; });
    return stream_.size() + static_cast<std::size_t>(running);
}

void LiveCommands::execute(const Kernel& kernel, Completion done) {
    stream_.push_back({kernel, done});
    if (stream_.size() == 1) {
        start_compute();
    }
}

void LiveCommands::start_compute() {
    const Command& command = stream_.front();
    auto run =
        std::make_unique<Run>(*this, make_program(chip_, command.kernel, kStepsPerTile), BarrierGroup{}, command.done);
    run->compute = true;
    const std::uint64_t size = (run->program->footprint() + kAlign - 1) / kAlign * kAlign;
    next_base_ = next_base_ + size > kComputeEnd ? 0 : next_base_;
    run->base = next_base_;
    next_base_ += size;
    launch(std::move(run), command.kernel.launches);
}

void LiveCommands::communicate(std::unique_ptr<TileProgram> program, BarrierGroup group, Completion done) {
    launch(std::make_unique<Run>(*this, std::move(program), std::move(group), done), 1);
}

void LiveCommands::launch(std::unique_ptr<Run> run, std::int32_t launches) {
    const auto free = std::find(runs_.begin(), runs_.end(), nullptr);
    run->slot = static_cast<std::size_t>(free - runs_.begin());
    run->stats.launched = agenda_.now();
    const Run& placed = *run;
    if (free == runs_.end()) {
        runs_.push_back(std::move(run));
    } else {
        *free = std::move(run);
    }
    ++kernels_;
    schedule(agenda_.now() + chip_.launch_latency * launches + chip_.tile.kernel_start, placed, Event::start);
}

bool LiveCommands::give_cores(Run& run) {
    const TileProgram& program = *run.program;
    const auto count = static_cast<std::int64_t>(cores_.size());
    const std::int64_t wanted = std::min(program.cores(), count);
    for (std::int64_t i = 0; i < count && static_cast<std::int64_t>(run.cores.size()) < wanted; ++i) {
        // Compute: among the first `wanted` cores only, because there are no matrix units beyond them.
        const std::int64_t core = run.compute ? i : count - 1 - i;
        if (run.compute && core >= wanted) {
            break;
        }
        if (!held_[static_cast<std::size_t>(core)]) {
            held_[static_cast<std::size_t>(core)] = true;
            run.cores.push_back(cores_[static_cast<std::size_t>(core)].get());
        }
    }
    const TileCore::Timing timing = program.persistent()
                                        ? TileCore::Timing{}
                                        : TileCore::Timing{program.tile_start(chip_.tile), chip_.tile.tile_end};
    for (LiveCore* core : run.cores) {
        core->begin(program, run, timing, run.base);
    }
    run.stats.cores = static_cast<std::int64_t>(run.cores.size());
    return !run.cores.empty();
}

void LiveCommands::start_waiting() {
    while (!waiting_.empty() && give_cores(*runs_[waiting_.front()])) {
        Run& run = *runs_[waiting_.front()];
        waiting_.pop_front();
        run.stats.began = agenda_.now();
        reach(run);
    }
}

// All tiles of the open pass are done here; with a barrier, elsewhere too when every flag has come.
void LiveCommands::reach(Run& run) {
    run.reached = agenda_.now();
    for (const CardId other : run.group.others) {
        gateway_.raise(other, run.barrier());
    }
    pass_barrier(run);
}

void LiveCommands::pass_barrier(Run& run) {
    if (!run.group.others.empty()) {
        const auto flags = flags_.find(run.barrier());
        if (flags == flags_.end() || flags->second < run.group.others.size()) {
            return;  // on_flag comes back here
        }
        flags_.erase(flags);
        ++barriers_.passed;
        barriers_.waited += agenda_.now() - run.reached;
    }
    if (run.passes_left()) {
        const bool waited = run.pass < 0 || !run.group.others.empty();  // for the launch, or for the flags
        const Picoseconds gap = waited ? Picoseconds{0} : chip_.tile.pass_gap;
        schedule(agenda_.now() + gap, run, Event::open_pass);
        return;
    }
    // As at tile level: stores on their way to HBM overlap with the next kernel as far as its start covers them.
    const Picoseconds unseen = chip_.launch_latency + chip_.tile.kernel_end + chip_.tile.kernel_start;
    TimePoint last = agenda_.now();
    for (const LiveCore* core : run.cores) {
        last = std::max(last, core->settled() - unseen);
    }
    schedule(last + chip_.tile.kernel_end, run, Event::end);
}

void LiveCommands::open_pass(Run& run) {
    run.open(run.pass + 1);
    MYRIAD_CHECK(!run.pass_done(), "a pass has tiles");
    for (std::int64_t round = 0; round < run.program->tiles_per_core(); ++round) {
        for (LiveCore* core : run.cores) {
            core->offer();
        }
    }
}

void LiveCommands::end(std::size_t index) {
    const std::unique_ptr<Run> run = std::move(runs_[index]);
    run->stats.ended = agenda_.now();
    for (LiveCore* core : run->cores) {
        held_[core->number()] = false;
    }
    if (run->compute) {
        last_compute_ = run->stats;
        stream_.pop_front();
        if (!stream_.empty()) {
            start_compute();
        }
    }
    start_waiting();
    run->done();
}

void LiveCommands::schedule(TimePoint at, const Run& run, Event event) {
    agenda_.schedule(at, Phase::deliver, self_, self_, run.slot << 8 | static_cast<std::uint64_t>(event));
}

void LiveCommands::on_agenda(const AgendaRecord& record) {
    const std::size_t slot = record.payload >> 8;
    switch (static_cast<Event>(record.payload & 0xff)) {
        case Event::start:
            waiting_.push_back(slot);
            start_waiting();
            break;
        case Event::open_pass:
            open_pass(*runs_[slot]);
            break;
        case Event::end:
            end(slot);
            break;
    }
}

void LiveCommands::on_flag(std::uint64_t barrier) {
    ++flags_[barrier];
    for (const auto& run : runs_) {
        if (run && !run->cores.empty() && run->barrier() == barrier && (run->pass < 0 || run->pass_done())) {
            pass_barrier(*run);
            return;
        }
    }
}

}  // namespace myriad
