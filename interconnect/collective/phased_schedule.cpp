// Phases of collectives, computed from (rank, step) alone. Assumes that a message may be put together from pieces that
// lie apart in the user's buffer, as kernels of communication libraries do. A phase in a dimension of size 1 has no
// step.

#include "interconnect/collective/phased_schedule.h"

#include "sim/error/error.h"

#include <bit>

namespace myriad {

namespace {

int log2_of(int n) { return std::countr_zero(static_cast<unsigned>(n)); }

// (a + b) mod n for a, b in [0, n): no division on the hot path.
int wrapped(int sum, int n) { return sum >= n ? sum - n : sum; }

}  // namespace

PhasedSchedule::PhasedSchedule(CollectiveOp op, const std::vector<ScheduleDimension>& dimensions, int root) {
    MYRIAD_CHECK(!dimensions.empty() && dimensions.size() < 256, "a schedule has 1 to 255 dimensions");
    for (const ScheduleDimension& given : dimensions) {
        dimensions_.push_back({.size = given.size, .stride = ranks_, .algorithm = given.algorithm});
        ranks_ *= given.size;
    }
    std::int64_t weight = ranks_;
    int rest = root;
    for (Dimension& dim : dimensions_) {
        weight /= dim.size;
        dim.weight = weight;
        dim.root = rest % dim.size;
        rest /= dim.size;
        outer_root_.push_back(rest);
    }
    const int count = static_cast<int>(dimensions_.size());
    const auto inside_out = [&](Kind kind) {
        for (int d = 0; d < count; ++d) {
            append_phase(kind, d);
        }
    };
    const auto outside_in = [&](Kind kind) {
        for (int d = count - 1; d >= 0; --d) {
            append_phase(kind, d);
        }
    };
    if (op == CollectiveOp::all_reduce || op == CollectiveOp::reduce_scatter || op == CollectiveOp::reduce) {
        inside_out(Kind::reduce_scatter);
    } else if (op == CollectiveOp::broadcast || op == CollectiveOp::scatter) {
        inside_out(Kind::scatter);
    } else if (op == CollectiveOp::all_to_all) {
        inside_out(Kind::exchange);
    }
    if (op == CollectiveOp::all_reduce || op == CollectiveOp::all_gather || op == CollectiveOp::broadcast) {
        outside_in(Kind::all_gather);
    } else if (op == CollectiveOp::reduce || op == CollectiveOp::gather) {
        outside_in(Kind::gather);
    }
}

void PhasedSchedule::append_phase(Kind kind, int dimension) {
    const Dimension& dim = dimensions_[static_cast<std::size_t>(dimension)];
    if (dim.size == 1) {
        return;
    }
    const bool halving = dim.algorithm == CollectiveAlgorithm::halving_doubling;
    int steps = dim.size - 1;  // ring, pairwise exchange
    if (dim.algorithm == CollectiveAlgorithm::direct) {
        steps = 1;
    } else if (halving && kind != Kind::exchange) {
        steps = log2_of(dim.size);
    }
    // The gathering half of an all_reduce repeats the scattering half: in the same order of distances for ring and
    // direct, in the reverse order for halving and doubling.
    const int first = patterns_;
    if (kind == Kind::all_gather && !steps_.empty()) {
        for (std::size_t s = 0; s < steps_.size(); ++s) {
            if (steps_[s].kind == Kind::reduce_scatter && steps_[s].dimension == dimension && steps_[s].local == 0) {
                for (int i = 0; i < steps; ++i) {
                    const int twin = steps_[s].pattern + (halving ? steps - 1 - i : 0);
                    steps_.push_back({kind, static_cast<std::uint8_t>(dimension), i, twin});
                }
                return;
            }
        }
    }
    const bool same_every_step =
        dim.algorithm == CollectiveAlgorithm::ring && (kind == Kind::reduce_scatter || kind == Kind::all_gather);
    for (int i = 0; i < steps; ++i) {
        steps_.push_back({kind, static_cast<std::uint8_t>(dimension), i, first + (same_every_step ? 0 : i)});
    }
    patterns_ += same_every_step ? 1 : steps;
}

PhasedSchedule::Place PhasedSchedule::place_of(int rank, int dimension) const {
    Place place{.outer = rank};
    for (int d = 0;; ++d) {
        const Dimension& dim = dimensions_[static_cast<std::size_t>(d)];
        const int quotient = place.outer / dim.size;
        place.coordinate = place.outer - quotient * dim.size;
        place.outer = quotient;
        if (d == dimension) {
            return place;
        }
        place.base += place.coordinate * dim.weight;
    }
}

std::int64_t PhasedSchedule::chunk_of_rank(int rank, int part) const {
    MYRIAD_CHECK(part == 0, "the buffer of a phased schedule is one part");
    const int last = static_cast<int>(dimensions_.size()) - 1;
    const Place place = place_of(rank, last);
    return place.base + place.coordinate * dimensions_.back().weight;
}

void PhasedSchedule::sends(int rank, int step, std::vector<Transfer>& out) const {
    out.clear();
    const Step& now = step_at(step);
    const Dimension& dim = dimensions_[now.dimension];
    const Place at = place_of(rank, now.dimension);
    switch (now.kind) {
        case Kind::reduce_scatter:
            scatter_reduce_sends(dim, at, now.local, rank, out);
            break;
        case Kind::all_gather:
            gather_sends(dim, at, now.local, rank, out);
            break;
        case Kind::scatter:
            if (in_slice_of_root(at, now.dimension)) {
                scatter_sends(dim, at, now.local, rank, out);
            }
            break;
        case Kind::gather:
            if (in_slice_of_root(at, now.dimension)) {
                gather_to_root_sends(dim, at, now.local, rank, out);
            }
            break;
        case Kind::exchange:
            exchange_sends(dim, at, now.local, rank, out);
            break;
    }
}

int PhasedSchedule::receives(int rank, int step) const {
    const Step& now = step_at(step);
    const Dimension& dim = dimensions_[now.dimension];
    if (now.kind == Kind::scatter) {
        const Place at = place_of(rank, now.dimension);
        return in_slice_of_root(at, now.dimension) ? scatter_receives(dim, at, now.local) : 0;
    }
    if (now.kind == Kind::gather) {
        const Place at = place_of(rank, now.dimension);
        return in_slice_of_root(at, now.dimension) ? gather_to_root_receives(dim, at, now.local) : 0;
    }
    return dim.algorithm == CollectiveAlgorithm::direct ? dim.size - 1 : 1;
}

void PhasedSchedule::scatter_reduce_sends(const Dimension& dim, const Place& at, int local, int rank,
                                          std::vector<Transfer>& out) const {
    const int c = at.coordinate;
    const int n = dim.size;
    const auto send = [&](int peer, int first, int count) {
        out.push_back({rank + (peer - c) * dim.stride, at.base + first * dim.weight, count * dim.weight, true});
    };
    switch (dim.algorithm) {
        case CollectiveAlgorithm::ring:
            // What c - 1 - k loses in step k arrives complete at its owner c after n - 1 steps.
            send(wrapped(c + 1, n), wrapped(c + n - local - 1, n), 1);
            break;
        case CollectiveAlgorithm::direct:
            // Everyone begins with its own next neighbour, so that no receiver is met by all at once.
            for (int i = 1; i < n; ++i) {
                const int peer = wrapped(c + i, n);
                send(peer, peer, 1);
            }
            break;
        default: {
            const int half = n >> (local + 1);
            const int peer = c ^ half;
            send(peer, peer & ~(half - 1), half);
        }
    }
}

void PhasedSchedule::gather_sends(const Dimension& dim, const Place& at, int local, int rank,
                                  std::vector<Transfer>& out) const {
    const int c = at.coordinate;
    const int n = dim.size;
    const auto send = [&](int peer, int first, int count) {
        out.push_back({rank + (peer - c) * dim.stride, at.base + first * dim.weight, count * dim.weight, false});
    };
    switch (dim.algorithm) {
        case CollectiveAlgorithm::ring:
            send(wrapped(c + 1, n), wrapped(c + n - local, n), 1);
            break;
        case CollectiveAlgorithm::direct:
            for (int i = 1; i < n; ++i) {
                send(wrapped(c + i, n), c, 1);
            }
            break;
        default: {
            const int distance = 1 << local;
            send(c ^ distance, c & ~(distance - 1), distance);
        }
    }
}

bool PhasedSchedule::in_slice_of_root(const Place& place, int dimension) const {
    // A scatter has only spread in the inner dimensions: outside of the root's own slice nobody has anything yet. A
    // gather mirrors it: outside nobody has anything left.
    return place.outer == outer_root_[static_cast<std::size_t>(dimension)];
}

void PhasedSchedule::scatter_sends(const Dimension& dim, const Place& at, int local, int rank,
                                   std::vector<Transfer>& out) const {
    const int c = at.coordinate;
    const int n = dim.size;
    const auto send = [&](int peer, int first, int count) {
        out.push_back({rank + (peer - c) * dim.stride, at.base + first * dim.weight, count * dim.weight, false});
    };
    switch (dim.algorithm) {
        case CollectiveAlgorithm::ring: {
            // The piece for the farthest rank leaves first; all arrive in the last step.
            const int distance = wrapped(c - dim.root + n, n);
            const int target = n - 1 - (local - distance);
            if (local >= distance && target > distance) {
                send(wrapped(c + 1, n), wrapped(dim.root + target, n), 1);
            }
            break;
        }
        case CollectiveAlgorithm::direct:
            for (int i = 1; i < n && c == dim.root; ++i) {
                const int peer = wrapped(c + i, n);
                send(peer, peer, 1);
            }
            break;
        default: {
            // Numbered relative to the root by xor, which keeps aligned blocks aligned.
            const int half = n >> (local + 1);
            if (((c ^ dim.root) & (2 * half - 1)) == 0) {
                const int peer = c ^ half;
                send(peer, peer & ~(half - 1), half);
            }
        }
    }
}

int PhasedSchedule::scatter_receives(const Dimension& dim, const Place& at, int local) const {
    const int n = dim.size;
    switch (dim.algorithm) {
        case CollectiveAlgorithm::ring: {
            const int distance = wrapped(at.coordinate - dim.root + n, n);
            return distance > 0 && local >= distance - 1 ? 1 : 0;
        }
        case CollectiveAlgorithm::direct:
            return at.coordinate == dim.root ? 0 : 1;
        default: {
            const int half = n >> (local + 1);
            return ((at.coordinate ^ dim.root) & (2 * half - 1)) == half ? 1 : 0;
        }
    }
}

void PhasedSchedule::gather_to_root_sends(const Dimension& dim, const Place& at, int local, int rank,
                                          std::vector<Transfer>& out) const {
    const int c = at.coordinate;
    const int n = dim.size;
    const auto send = [&](int peer, int first, int count) {
        out.push_back({rank + (peer - c) * dim.stride, at.base + first * dim.weight, count * dim.weight, false});
    };
    switch (dim.algorithm) {
        case CollectiveAlgorithm::ring: {
            // Own piece first, then what comes from behind; the root gets one in every step.
            const int distance = wrapped(dim.root - c + n, n);
            if (distance > 0 && distance + local < n) {
                send(wrapped(c + 1, n), wrapped(c + n - local, n), 1);
            }
            break;
        }
        case CollectiveAlgorithm::direct:
            if (c != dim.root) {
                send(dim.root, c, 1);
            }
            break;
        default: {
            const int distance = 1 << local;
            if (((c ^ dim.root) & (2 * distance - 1)) == distance) {
                send(c ^ distance, c & ~(distance - 1), distance);
            }
        }
    }
}

int PhasedSchedule::gather_to_root_receives(const Dimension& dim, const Place& at, int local) const {
    const int n = dim.size;
    switch (dim.algorithm) {
        case CollectiveAlgorithm::ring: {
            const int distance = wrapped(dim.root - at.coordinate + n, n);
            return distance + 1 + local < n ? 1 : 0;
        }
        case CollectiveAlgorithm::direct:
            return at.coordinate == dim.root ? n - 1 : 0;
        default: {
            const int distance = 1 << local;
            return ((at.coordinate ^ dim.root) & (2 * distance - 1)) == 0 ? 1 : 0;
        }
    }
}

void PhasedSchedule::exchange_sends(const Dimension& dim, const Place& at, int local, int rank,
                                    std::vector<Transfer>& out) const {
    const int c = at.coordinate;
    const int n = dim.size;
    const std::int64_t share = ranks_ / n;  // blocks for one coordinate of this dimension
    const auto send = [&](int peer, int first, int count) {
        out.push_back({rank + (peer - c) * dim.stride, first * share, count * share, false});
    };
    switch (dim.algorithm) {
        case CollectiveAlgorithm::ring:
            // What came in the step before, but for the part that was for this rank, moves on.
            send(wrapped(c + 1, n), wrapped(c + 1, n), n - 1 - local);
            break;
        case CollectiveAlgorithm::direct:
            for (int i = 1; i < n; ++i) {
                const int peer = wrapped(c + i, n);
                send(peer, peer, 1);
            }
            break;
        default: {
            const int peer = c ^ (local + 1);
            send(peer, peer, 1);
        }
    }
}

void PhasedSchedule::blocks(int rank, int step, const Transfer& transfer, std::vector<Block>& out) const {
    out.clear();
    const Step& now = step_at(step);
    const Dimension& dim = dimensions_[now.dimension];
    const Place at = place_of(rank, now.dimension);
    const int n = dim.size;
    const int inner = dim.stride;
    const int inner_rank = rank % inner;
    const int outer_count = ranks_ / (inner * n);
    const std::int64_t share = ranks_ / n;
    // Sources: any in the inner dimensions, which have been exchanged already; own further out. Destinations: the
    // other way round.
    const bool ring = dim.algorithm == CollectiveAlgorithm::ring;
    const int source_coordinate = ring ? wrapped(at.coordinate + n - now.local, n) : at.coordinate;
    const int first = static_cast<int>(transfer.first_chunk / share);
    const int count = static_cast<int>(transfer.chunk_count / share);
    for (int i = 0; i < count; ++i) {
        const int destination_coordinate = wrapped(first + i, n);
        for (int source = 0; source < inner; ++source) {
            for (int outer = 0; outer < outer_count; ++outer) {
                out.push_back({source + inner * (source_coordinate + n * at.outer),
                               inner_rank + inner * (destination_coordinate + n * outer)});
            }
        }
    }
}

}  // namespace myriad
