#pragma once
// The command processor of a live card. Kernels of the compute stream run one after the other on the cores that no other
// kernel holds, from the first on (matrix units are there); kernels that communicate run beside them on cores of their
// own, from the last on. A kernel that finds no core free waits for one to end.

#include "models/chip_config.h"
#include "models/live/gateway.h"
#include "models/live/live_core.h"
#include "sim/time/completion.h"

#include <deque>
#include <map>
#include <memory>
#include <vector>

namespace myriad {

// Cards whose kernels wait for each other by flags: before every pass and at the end.
struct BarrierGroup {
    std::vector<CardId> others;  // empty: no barrier
    std::uint32_t number = 0;    // the same on all cards of the group, unlike that of any other
};

// What became of one kernel.
struct LiveKernelStats {
    TimePoint launched{};
    TimePoint began{};  // first tile
    TimePoint ended{};  // kernel end included
    std::int64_t cores = 0;
};

// Barriers that kernels of a card have passed, and how long the card waited for the flags of the others.
struct BarrierStats {
    std::int64_t passed = 0;
    Picoseconds waited{};
};

class LiveCommands final : public sc_core::sc_module, private AgendaClient, private FlagListener {
public:
    // Cores and gateway are those of the card; they outlive this.
    LiveCommands(const sc_core::sc_module_name& name, Agenda& agenda, ComponentId self, const ChipConfig& chip,
                 std::vector<std::unique_ptr<LiveCore>>& cores, RemoteGateway& gateway);
    ~LiveCommands() override;

    void execute(const Kernel& kernel, Completion done);
    void communicate(std::unique_ptr<TileProgram> program, BarrierGroup group, Completion done);

    [[nodiscard]] std::size_t unfinished() const;
    [[nodiscard]] std::int64_t kernels() const noexcept { return kernels_; }
    [[nodiscard]] const BarrierStats& barriers() const noexcept { return barriers_; }
    [[nodiscard]] const LiveKernelStats& last_compute() const noexcept { return last_compute_; }

private:
    class Run;
    struct Command {
        Kernel kernel;
        Completion done;
    };
    enum class Event : std::uint8_t { start, open_pass, end };

    void start_compute();
    void launch(std::unique_ptr<Run> run, std::int32_t launches);
    // Gives the run its cores; false: none is free.
    bool give_cores(Run& run);
    void start_waiting();
    void reach(Run& run);         // the end of a pass, or the begin of the first
    void pass_barrier(Run& run);  // goes on when all flags are there
    void open_pass(Run& run);
    void end(std::size_t index);
    void schedule(TimePoint at, const Run& run, Event event);
    void on_agenda(const AgendaRecord& record) override;
    void on_flag(std::uint64_t barrier) override;

    Agenda& agenda_;
    ComponentId self_;
    const ChipConfig& chip_;
    std::vector<std::unique_ptr<LiveCore>>& cores_;
    RemoteGateway& gateway_;
    std::vector<bool> held_;                      // cores
    std::deque<Command> stream_;                  // the front one is running
    std::vector<std::unique_ptr<Run>> runs_;      // by slot; null: free
    std::deque<std::size_t> waiting_;             // runs without cores
    std::map<std::uint64_t, std::size_t> flags_;  // raised, by barrier
    std::uint64_t next_base_ = 0;                 // of the next compute kernel's operands
    std::int64_t kernels_ = 0;
    BarrierStats barriers_;
    LiveKernelStats last_compute_;
};

}  // namespace myriad
