#pragma once
// The command processor: one in-order stream of kernels. Each is launched, then runs on the compute unit; with
// interference, for as long as its share of the card lets it.

#include "models/chip_config.h"
#include "models/ppu/kernel_extension.h"
#include "sim/time/agenda.h"

#include <tlm>

#include <cstdint>
#include <deque>
#include <vector>

namespace myriad {

class CommandProcessor final : public sc_core::sc_module, public tlm::tlm_bw_transport_if<>, public AgendaClient {
public:
    tlm::tlm_initiator_socket<32> compute;

    // `share`: with interference; null: a kernel takes what it takes alone.
    CommandProcessor(const sc_core::sc_module_name& name, Agenda& agenda, ComponentId self, CardShare* share);

    // Of the agenda's payloads, in their lowest two bits.
    enum Record : std::uint64_t { kFinished = 0, kLaunched = 1, kShare = 2, kCall = 3 };

    ~CommandProcessor() override;

    void submit(const Kernel& kernel, Completion done);
    void call_at(TimePoint time, Completion done);
    [[nodiscard]] std::size_t queued() const { return queue_.size(); }

    void on_agenda(const AgendaRecord& record) override;
    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) override;
    void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) override {}

private:
    struct Command {
        Kernel kernel;
        Completion done;
    };
    void start_front();
    void finish_front();
    static void body_done(void* self, std::uint64_t argument);

    Agenda& agenda_;
    ComponentId self_;
    CardShare* share_;
    std::deque<Command> queue_;      // the front one is running
    std::vector<Completion> calls_;  // to make; their place is in the record
    std::vector<std::uint32_t> free_calls_;
    KernelExtension extension_;
    tlm::tlm_generic_payload launch_;
};

}  // namespace myriad
