#pragma once
// A core: runs tiles of a program in a few slots at once. A slot loads some steps ahead (the buffers of its loop), and
// computes a step when its blocks have arrived and the matrix unit, which the slots share, is free. Plain class on an
// agenda; the live level wraps it in a SystemC module.

#include "models/tile/core_memory.h"
#include "models/tile/tile_program.h"
#include "models/tile/tile_trace.h"
#include "sim/time/agenda.h"

#include <array>
#include <vector>

namespace myriad {

// Where a core gets its tiles. `next` may answer "none now"; TileCore::offer asks again.
class TileSource {
public:
    virtual ~TileSource() = default;
    virtual bool next(std::int64_t core, std::int64_t& tile) = 0;
    virtual void finished(std::int64_t core, std::int64_t tile, TimePoint now) = 0;
};

struct TileCoreStats {
    Picoseconds tensor{};
    Picoseconds vector{};
    std::int64_t tiles = 0;
};

class TileCore final : public AgendaClient {
public:
    // `number` is what memory and source know the core by.
    TileCore(Agenda& agenda, ComponentId self, std::int64_t number, CoreMemory& memory);

    // Makes ready for tiles of `program`, which come from `source` by offer(). The core must be idle. Both outlive the run.
    struct Timing {
        Picoseconds tile_start;
        Picoseconds tile_end;
    };
    void begin(const TileProgram& program, TileSource& source, const Timing& timing);
    // Takes a tile into a free slot; false: no slot is free, or the source has none. A slot whose tile has finished asks
    // the source by itself.
    bool offer();
    // A load or store whose time was not known when it was asked for is done.
    void arrive(std::uint64_t ticket);
    void trace(TileTrace* trace) { trace_ = trace; }

    [[nodiscard]] const TileCoreStats& stats() const noexcept { return stats_; }
    [[nodiscard]] bool idle() const;

    void on_agenda(const AgendaRecord& record) override;

private:
    static constexpr std::int64_t kStagesMax = 16;
    enum class Event : std::uint8_t { begin, ready, step_done, end_ready, end_done };
    struct Stage {
        TimePoint ready{};
        TimePoint asked{};
        std::int32_t missing = 0;  // accesses whose time is not known yet
        StepWork work;
    };
    struct Slot {
        bool busy = false;
        bool waiting = false;  // for accesses whose time is not known
        std::int64_t tile = 0;
        std::int64_t steps = 0;
        std::int64_t loaded = 0;    // steps whose loads have been asked for
        std::int64_t computed = 0;  // steps that are done
        TimePoint began{};
        std::array<Stage, kStagesMax> stages;
    };

    bool take(std::size_t slot);
    void load_next(std::size_t slot);
    void ask(const TileStep& step, Stage& stage, std::size_t slot, std::size_t stage_number);
    void proceed(std::size_t slot);
    void compute(std::size_t slot);
    void step_done(std::size_t slot);
    void end_tile(std::size_t slot);
    void store(std::size_t slot);
    void schedule(TimePoint at, std::size_t slot, Event event);
    [[nodiscard]] Stage& stage_of(Slot& slot, std::int64_t step) const {
        return slot.stages[static_cast<std::size_t>(step % stage_count_)];
    }

    Agenda& agenda_;
    ComponentId self_;
    std::int64_t number_;
    CoreMemory& memory_;
    const TileProgram* program_ = nullptr;
    TileSource* source_ = nullptr;
    Timing timing_{};
    std::int64_t stage_count_ = 1;
    std::vector<Slot> slots_;
    std::vector<TileEnd> ends_;
    TileStep scratch_;
    TimePoint tensor_free_{};
    TimePoint vector_free_{};
    TileCoreStats stats_;
    TileTrace* trace_ = nullptr;
};

}  // namespace myriad
