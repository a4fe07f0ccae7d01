"""The papers of what was settled at a window: voucher in three copies, correction notice, refusal (P2, Y5, M9).

`facts` is what stands on them, `wording` the sentences, `model` their shape, `pdf` the A4 sheets. A ticket printer gets
the same papers as plain values (`model.to_json`) and sets them itself.
"""
