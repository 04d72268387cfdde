from . import part_number, vin
