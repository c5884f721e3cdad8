// Kernels of one stream, one after the other.

#include "models/ppu/command_processor.h"

#include "models/ppu/roofline.h"
#include "sim/error/error.h"
#include "sim/systemc/agenda_bridge.h"

namespace myriad {

CommandProcessor::CommandProcessor(const sc_core::sc_module_name& name, Agenda& agenda, ComponentId self,
                                   const ChipConfig& chip)
    : sc_module(name), compute("compute"), agenda_(agenda), self_(self), chip_(chip) {
    compute.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
    launch_.set_extension(&extension_);
    agenda.enroll(self, *this);
}

CommandProcessor::~CommandProcessor() { launch_.clear_extension(&extension_); }

void CommandProcessor::submit(const Kernel& kernel, Completion done) {
    queue_.push_back({kernel, done});
    if (queue_.size() == 1) {
        start_front();
    }
}

void CommandProcessor::start_front() {
    const Kernel& kernel = queue_.front().kernel;
    extension_.kernel = &kernel;
    sc_core::sc_time delay = to_sc_time(launch_time(chip_, kernel));
    compute->b_transport(launch_, delay);
    agenda_.schedule(agenda_.now() + to_picoseconds(delay), Phase::deliver, self_, self_, 0);
}

void CommandProcessor::on_agenda(const AgendaRecord& /*record*/) {
    const Completion done = queue_.front().done;
    queue_.pop_front();
    if (!queue_.empty()) {
        start_front();
    }
    done();
}

tlm::tlm_sync_enum CommandProcessor::nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) {
    MYRIAD_CHECK(false, "the compute unit at roofline level answers within the call");
}

}  // namespace myriad
