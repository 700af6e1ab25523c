//! Enums whose values have a word of their own in documents or reports.

/// Adds to an enum a list of its values and the word of each.
macro_rules! words {
    ($(#[$meta:meta])* $visibility:vis enum $name:ident {
        $($(#[$of_value:meta])* $value:ident = $word:literal,)+
    }) => {
        $(#[$meta])*
        $visibility enum $name {
            $($(#[$of_value])* $value,)+
        }

        impl $name {
            /// Every value.
            $visibility const ALL: &[Self] = &[$(Self::$value),+];

            /// The word for it.
            $visibility fn as_str(self) -> &'static str {
                match self { $(Self::$value => $word,)+ }
            }

            #[allow(dead_code, reason = "some are only written")]
            pub(crate) fn of_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == word)
            }
        }
    };
}

pub(crate) use words;
