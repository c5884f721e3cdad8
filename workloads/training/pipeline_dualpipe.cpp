// DualPipe (DeepSeek-V3 report 2024, section 3.2.1; github.com/deepseek-ai/DualPipe): half of the micro-batches enter at
// stage 0, the others at stage P-1, and every stage holds a chunk of either direction. Most of the time a forward of one
// direction runs side by side with a backward of the other, so that the communication of one hides behind the compute of
// the other. Weight gradients are split off at the two ends, where they fill what would be idle.
//
// A stage calls the direction that enters at its own half of the pipeline `near`, the other one `far`. With h the
// distance of the stage to its end of the pipeline, H = P/2 and m micro-batches:
//   1  2(H-h-1) x  F near                    fills the pipeline
//   2     (h+1) x  F near, F far
//   3   (H-h-1) x  I far, W far, F far       far micro-batches have turned round; each backward makes room for one more
//   4 (m/2-P+h+1)x F near & B far, F far & B near
//   5   (H-h-1) x  B far, F far & B near     near forwards are all done
//   6     (h+1) x  B far, B near             in the second half of these passes, weight gradients are put off
//   7   (H-h-1) x  W, I near                 weight gradients oldest first
//   8     (h+1) x  W

#include "workloads/training/pipeline_orders.h"

#include <algorithm>
#include <array>
#include <queue>

namespace myriad {

namespace {

class DualPipeStage {
public:
    DualPipeStage(const PipelineShape& shape, std::int64_t stage)
        : half_stages_(shape.stages / 2),
          half_micro_batches_(shape.micro_batches / 2),
          to_end_(std::min(stage, shape.stages - 1 - stage)),
          near_chunk_(stage < half_stages_ ? 0 : 1) {}

    std::vector<PipelineSlot> order() {
        fill();
        alternate();
        drain();
        return std::move(order_);
    }

private:
    enum Direction : std::size_t { near, far };

    void fill() {
        const std::int64_t to_middle = half_stages_ - to_end_ - 1;
        for (std::int64_t i = 0; i < 2 * to_middle; ++i) {
            forward(near);
        }
        for (std::int64_t i = 0; i < to_end_ + 1; ++i) {
            forward(near);
            forward(far);
        }
        for (std::int64_t i = 0; i < to_middle; ++i) {
            input_grad(far);
            weight_grad();
            forward(far);
        }
    }

    void alternate() {
        const std::int64_t to_middle = half_stages_ - to_end_ - 1;
        for (std::int64_t i = 0; i < half_micro_batches_ - 2 * half_stages_ + to_end_ + 1; ++i) {
            // In the two stages in the middle the first forward is ready while the gradient is still on its way: side by
            // side it would have to wait for it.
            forward(near, i > 0 || to_middle > 0);
            backward(far);
            forward(far, true);
            backward(near);
        }
        for (std::int64_t i = 0; i < to_middle; ++i) {
            backward(far);
            forward(far, true);
            backward(near);
        }
    }

    void drain() {
        const std::int64_t passes = 2 * (to_end_ + 1);
        for (std::int64_t i = 0; i < passes; ++i) {
            const Direction direction = i % 2 == 0 ? far : near;
            if (i >= passes / 2) {
                input_grad(direction);
            } else {
                backward(direction);
            }
        }
        for (std::int64_t i = 0; i < half_stages_ - to_end_ - 1; ++i) {
            weight_grad();
            input_grad(near);
        }
        while (!put_off_.empty()) {
            weight_grad();
        }
    }

    PipelineSlot slot(Pass pass, Direction direction, std::array<std::int64_t, 2>& done) const {
        const int chunk = direction == near ? near_chunk_ : 1 - near_chunk_;
        return {.pass = pass, .chunk = chunk, .micro_batch = done[direction]++ + chunk * half_micro_batches_};
    }
    void forward(Direction direction, bool beside_next = false) {
        order_.push_back(slot(Pass::forward, direction, forwards_));
        order_.back().beside_next = beside_next;
    }
    void backward(Direction direction) { order_.push_back(slot(Pass::backward, direction, backwards_)); }
    void input_grad(Direction direction) {
        order_.push_back(slot(Pass::input_grad, direction, backwards_));
        put_off_.push(order_.back());
    }
    void weight_grad() {
        order_.push_back(put_off_.front());
        order_.back().pass = Pass::weight_grad;
        put_off_.pop();
    }

    std::int64_t half_stages_;
    std::int64_t half_micro_batches_;
    std::int64_t to_end_;
    int near_chunk_;
    std::array<std::int64_t, 2> forwards_{};  // by direction
    std::array<std::int64_t, 2> backwards_{};
    std::queue<PipelineSlot> put_off_;
    std::vector<PipelineSlot> order_;
};

}  // namespace

std::vector<PipelineSlot> dualpipe_order(const PipelineShape& shape, std::int64_t stage) {
    return DualPipeStage(shape, stage).order();
}

}  // namespace myriad
