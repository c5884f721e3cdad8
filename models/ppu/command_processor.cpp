// Kernels of one stream, one after the other.

#include "models/ppu/command_processor.h"

#include "sim/error/error.h"
#include "sim/systemc/agenda_bridge.h"

namespace myriad {

CommandProcessor::CommandProcessor(const sc_core::sc_module_name& name, Agenda& agenda, ComponentId self,
                                   CardShare* share)
    : sc_module(name), compute("compute"), agenda_(agenda), self_(self), share_(share) {
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

void CommandProcessor::call_at(TimePoint time, Completion done) {
    if (free_calls_.empty()) {
        free_calls_.push_back(static_cast<std::uint32_t>(calls_.size()));
        calls_.emplace_back();
    }
    const std::uint32_t place = free_calls_.back();
    free_calls_.pop_back();
    calls_[place] = done;
    agenda_.schedule(time, Phase::deliver, self_, self_, (std::uint64_t{place} << 2) | kCall);
}

void CommandProcessor::start_front() {
    extension_.kernel = &queue_.front().kernel;
    sc_core::sc_time delay;
    compute->b_transport(launch_, delay);
    if (share_ == nullptr) {
        agenda_.schedule(agenda_.now() + to_picoseconds(delay), Phase::deliver, self_, self_, kFinished);
    } else {
        agenda_.schedule(agenda_.now() + extension_.need.launch, Phase::deliver, self_, self_, kLaunched);
    }
}

void CommandProcessor::on_agenda(const AgendaRecord& record) {
    switch (record.payload & 3) {
        case kFinished:
            finish_front();
            break;
        case kLaunched:
            share_->begin_kernel(extension_.need, {&CommandProcessor::body_done, this, 0});
            break;
        case kCall: {
            const auto place = static_cast<std::uint32_t>(record.payload >> 2);
            free_calls_.push_back(place);
            const Completion done = calls_[place];
            done();  // last: may ask for another call
            break;
        }
        default:
            share_->on_record(record.payload >> 2);
    }
}

void CommandProcessor::body_done(void* self, std::uint64_t /*argument*/) {
    static_cast<CommandProcessor*>(self)->finish_front();
}

void CommandProcessor::finish_front() {
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
