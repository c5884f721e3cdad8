// The double-buffered loop of a core. Per step one record at its end, and one when it must wait for its blocks. The end
// of a tile may load too (the reduction of split-K), computes, then stores; the slot takes its next tile when the last
// store has left the core.

#include "models/tile/tile_core.h"

#include "sim/error/error.h"

#include <algorithm>

namespace myriad {
namespace {

constexpr std::uint64_t kEndStage = 0xff;  // ticket of an access of the end of a tile

}  // namespace

TileCore::TileCore(Agenda& agenda, ComponentId self, std::int64_t number, CoreMemory& memory)
    : agenda_(agenda), self_(self), number_(number), memory_(memory) {
    agenda.enroll(self, *this);
}

bool TileCore::idle() const {
    return std::none_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.busy; });
}

void TileCore::begin(const TileProgram& program, TileSource& source, const Timing& timing) {
    MYRIAD_CHECK(idle(), "a core takes one program at a time");
    program_ = &program;
    source_ = &source;
    timing_ = timing;
    stage_count_ = std::clamp<std::int64_t>(program.stages(), 1, kStagesMax - 1);
    slots_.assign(static_cast<std::size_t>(program.tiles_per_core()), Slot{});
    ends_.assign(slots_.size(), TileEnd{});
}

bool TileCore::offer() {
    for (std::size_t s = 0; s < slots_.size(); ++s) {
        if (!slots_[s].busy) {
            return take(s);
        }
    }
    return false;
}

bool TileCore::take(std::size_t s) {
    Slot& slot = slots_[s];
    slot.busy = source_->next(number_, slot.tile);
    if (!slot.busy) {
        return false;
    }
    slot.steps = program_->steps(slot.tile);
    slot.loaded = 0;
    slot.computed = 0;
    slot.began = agenda_.now();
    MYRIAD_CHECK(slot.steps > 0, "a tile without steps");
    schedule(agenda_.now() + timing_.tile_start, s, Event::begin);
    return true;
}

void TileCore::schedule(TimePoint at, std::size_t slot, Event event) {
    agenda_.schedule(at, Phase::deliver, self_, self_, slot << 8 | static_cast<std::uint64_t>(event));
}

void TileCore::ask(const TileStep& step, Stage& stage, std::size_t slot, std::size_t stage_number) {
    stage.ready = agenda_.now();
    stage.asked = agenda_.now();
    stage.missing = 0;
    for (int i = 0; i < step.load_count; ++i) {
        const BlockAccess& access = step.loads[static_cast<std::size_t>(i)];
        const auto done = memory_.access(number_, access, slot << 8 | stage_number, agenda_.now());
        if (!done) {
            ++stage.missing;
            continue;
        }
        stage.ready = std::max(stage.ready, *done);
        if (trace_ != nullptr) {
            trace_->interval(access.write ? TraceLane::store : TraceLane::load, number_, slots_[slot].tile,
                             slots_[slot].loaded, agenda_.now(), *done, access.bytes);
        }
    }
}

void TileCore::load_next(std::size_t s) {
    Slot& slot = slots_[s];
    if (slot.loaded == slot.steps) {
        return;
    }
    scratch_.load_count = 0;
    scratch_.work = {};
    program_->step(slot.tile, slot.loaded, scratch_);
    Stage& stage = stage_of(slot, slot.loaded);
    stage.work = scratch_.work;
    ask(scratch_, stage, s, static_cast<std::size_t>(slot.loaded % stage_count_));
    ++slot.loaded;
}

// Computes the next step if its blocks are there, or comes back when they will be.
void TileCore::proceed(std::size_t s) {
    Slot& slot = slots_[s];
    const Stage& stage = stage_of(slot, slot.computed);
    slot.waiting = stage.missing > 0;
    if (slot.waiting) {
        return;  // arrive() comes back here
    }
    if (stage.ready > agenda_.now()) {
        schedule(stage.ready, s, Event::ready);
    } else {
        compute(s);
    }
}

void TileCore::compute(std::size_t s) {
    Slot& slot = slots_[s];
    const StepWork work = stage_of(slot, slot.computed).work;
    TimePoint end = agenda_.now();
    if (work.tensor.count() > 0) {
        const TimePoint begin = std::max(end, tensor_free_);
        end = begin + work.tensor;
        tensor_free_ = end;
        stats_.tensor += work.tensor;
        if (trace_ != nullptr) {
            trace_->interval(TraceLane::tensor, number_, slot.tile, slot.computed, begin, end, Bytes{});
        }
    }
    if (work.vector.count() > 0) {
        const TimePoint begin = std::max(end, vector_free_);
        end = begin + work.vector;
        vector_free_ = end;
        stats_.vector += work.vector;
        if (trace_ != nullptr) {
            trace_->interval(TraceLane::vector, number_, slot.tile, slot.computed, begin, end, Bytes{});
        }
    }
    schedule(end, s, Event::step_done);
}

void TileCore::step_done(std::size_t s) {
    Slot& slot = slots_[s];
    ++slot.computed;
    load_next(s);
    if (slot.computed < slot.steps) {
        proceed(s);
        return;
    }
    end_tile(s);
}

void TileCore::end_tile(std::size_t s) {
    Slot& slot = slots_[s];
    TileEnd& end = ends_[s];
    end.load_count = 0;
    end.work = {};
    program_->end(slot.tile, end);
    TimePoint at = agenda_.now() + timing_.tile_end;
    if (end.work.vector.count() > 0) {
        const TimePoint begin = std::max(at, vector_free_);
        at = begin + end.work.vector;
        vector_free_ = at;
        stats_.vector += end.work.vector;
        if (trace_ != nullptr) {
            trace_->interval(TraceLane::vector, number_, slot.tile, slot.steps, begin, at, Bytes{});
        }
    }
    schedule(at, s, Event::end_ready);
}

void TileCore::store(std::size_t s) {
    Slot& slot = slots_[s];
    Stage& stage = slot.stages[kStagesMax - 1];
    ask(ends_[s], stage, s, kEndStage);
    if (stage.missing == 0) {
        schedule(stage.ready, s, Event::end_done);
    }
}

void TileCore::arrive(std::uint64_t ticket) {
    const std::size_t s = ticket >> 8;
    const std::uint64_t number = ticket & 0xff;
    Slot& slot = slots_.at(s);
    Stage& stage = slot.stages[number == kEndStage ? kStagesMax - 1 : number];
    MYRIAD_CHECK(slot.busy && stage.missing > 0, "an arrival that nothing waits for");
    stage.ready = std::max(stage.ready, agenda_.now());
    if (--stage.missing > 0) {
        return;
    }
    if (number == kEndStage) {
        schedule(stage.ready, s, Event::end_done);
    } else if (number == static_cast<std::uint64_t>(slot.computed % stage_count_) && slot.waiting) {
        slot.waiting = false;
        proceed(s);
    }
}

void TileCore::on_agenda(const AgendaRecord& record) {
    const std::size_t s = record.payload >> 8;
    switch (static_cast<Event>(record.payload & 0xff)) {
        case Event::begin:
            for (std::int64_t i = 0; i < stage_count_; ++i) {
                load_next(s);
            }
            proceed(s);
            break;
        case Event::ready:
            compute(s);
            break;
        case Event::step_done:
            step_done(s);
            break;
        case Event::end_ready:
            store(s);
            break;
        case Event::end_done:
            ++stats_.tiles;
            if (trace_ != nullptr) {
                trace_->interval(TraceLane::tile, number_, slots_[s].tile, 0, slots_[s].began, agenda_.now(), Bytes{});
            }
            slots_[s].busy = false;
            source_->finished(number_, slots_[s].tile, agenda_.now());
            if (!slots_[s].busy) {
                take(s);
            }
            break;
    }
}

}  // namespace myriad
