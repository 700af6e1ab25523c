//! Enums whose values have a word of their own in documents or reports.

/// Adds to an enum a list of its values and the word of each.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$of_value:meta])* $value:ident = $word:literal,)+
    }) => {
        $(#[$meta])*
        pub enum $name {
            $($(#[$of_value])* $value,)+
        }

        impl $name {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$value),+];

            /// The word for it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$value => $word,)+ }
            }
        }
    };
}

pub(crate) use words;
