from . import aces_xml, chassis, column_name, part_number, table_file
from . import vehicle_name, vin, year_range
from . import catalog_row, cell_value, number_cell
