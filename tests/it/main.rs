//! Everything that can only be seen from outside a crate: the shape of the tree, the template, the events, and
//! the deployed system as its users meet it.

mod tidy;
mod tree;
