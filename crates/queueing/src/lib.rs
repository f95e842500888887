//! What the label's own cloud does at scale: a simulation of its queues, its cost by list prices, and its limits. Everything
//! that it is told is in `inputs/`; everything that it says is in `docs/scale.md`, word for word.

mod agenda;
mod costs;
mod figures;
mod groups;
mod inputs;
mod limits;
mod pipeline;
mod random;
mod station;
mod times;
mod week;

pub use agenda::Agenda;
pub use costs::costs;
pub use figures::Figures;
pub use groups::{Batch, Groups};
pub use inputs::{Inputs, InputsError};
pub use limits::limits;
pub use pipeline::{Ran, Settings, run};
pub use random::Random;
pub use station::{Scaling, Settled, Started, Station};
pub use times::times;
pub use week::{Backlog, Delivery, Due, Week, week};
