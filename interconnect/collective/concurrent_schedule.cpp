// Parts side by side. Equal patterns of all parts make equal patterns of the whole.

#include "interconnect/collective/concurrent_schedule.h"

#include "sim/error/error.h"

#include <algorithm>
#include <map>

namespace myriad {

ConcurrentSchedule::ConcurrentSchedule(std::vector<std::unique_ptr<Schedule>> parts) : parts_(std::move(parts)) {
    MYRIAD_CHECK(!parts_.empty(), "one schedule or more");
    part_chunks_ = parts_.front()->chunks();
    int steps = 0;
    for (const auto& part : parts_) {
        MYRIAD_CHECK(part->ranks() == ranks() && part->chunks() == part_chunks_, "parts are alike in ranks and chunks");
        steps = std::max(steps, part->steps());
    }
    std::map<std::vector<int>, int> known;
    for (int step = 0; step < steps; ++step) {
        std::vector<int> of_parts;
        for (const auto& part : parts_) {
            of_parts.push_back(step < part->steps() ? part->pattern(step) : -1);
        }
        patterns_.push_back(known.try_emplace(std::move(of_parts), step).first->second);
    }
}

Transfer ConcurrentSchedule::placed(Transfer transfer, std::size_t part) const {
    // A range of an all_to_all that wraps around moves to the end of its part: only its length counts.
    transfer.first_chunk = std::min(transfer.first_chunk, part_chunks_ - transfer.chunk_count) +
                           static_cast<std::int64_t>(part) * part_chunks_;
    return transfer;
}

void ConcurrentSchedule::sends(int rank, int step, std::vector<Transfer>& out) const {
    out.clear();
    std::vector<Transfer> of_part;
    for (std::size_t p = 0; p < parts_.size(); ++p) {
        if (step < parts_[p]->steps()) {
            parts_[p]->sends(rank, step, of_part);
            for (const Transfer& transfer : of_part) {
                out.push_back(placed(transfer, p));
            }
        }
    }
}

int ConcurrentSchedule::receives(int rank, int step) const {
    int count = 0;
    for (const auto& part : parts_) {
        count += step < part->steps() ? part->receives(rank, step) : 0;
    }
    return count;
}

std::int64_t ConcurrentSchedule::chunk_of_rank(int rank, int part) const {
    const std::int64_t inside = part_chunks_ / ranks();  // parts of a part
    return part / inside * part_chunks_ +
           parts_[static_cast<std::size_t>(part / inside)]->chunk_of_rank(rank, static_cast<int>(part % inside));
}

void ConcurrentSchedule::blocks(int rank, int step, const Transfer& transfer, std::vector<Block>& out) const {
    out.clear();
    const auto p = static_cast<std::size_t>(transfer.first_chunk / part_chunks_);
    std::vector<Transfer> of_part;
    parts_[p]->sends(rank, step, of_part);
    const auto original = std::find_if(of_part.begin(), of_part.end(), [&](const Transfer& candidate) {
        return candidate.peer == transfer.peer && placed(candidate, p).first_chunk == transfer.first_chunk;
    });
    MYRIAD_CHECK(original != of_part.end(), "blocks are asked for a transfer that sends() gave");
    parts_[p]->blocks(rank, step, *original, out);
    for (Block& block : out) {
        block.part += static_cast<int>(p * static_cast<std::size_t>(part_chunks_ / ranks()));
    }
}

}  // namespace myriad
