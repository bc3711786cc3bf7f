"""The rules of what people and the tablet want, by what they concern; `decide` asks them."""
